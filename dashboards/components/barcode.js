// Reads bar codes from what a camera sees, where the browser has no detector of its own: Code 128 and 39, EAN, QR, Data Matrix.
import BarcodeFormat from '@zxing/library/esm/core/BarcodeFormat.js'
import BinaryBitmap from '@zxing/library/esm/core/BinaryBitmap.js'
import HybridBinarizer from '@zxing/library/esm/core/common/HybridBinarizer.js'
import DecodeHintType from '@zxing/library/esm/core/DecodeHintType.js'
import DataMatrixReader from '@zxing/library/esm/core/datamatrix/DataMatrixReader.js'
import MultiFormatOneDReader from '@zxing/library/esm/core/oned/MultiFormatOneDReader.js'
import QRCodeReader from '@zxing/library/esm/core/qrcode/QRCodeReader.js'
import RGBLuminanceSource from '@zxing/library/esm/core/RGBLuminanceSource.js'

const WIDEST = 1024

/* A function of a video that gives the texts of the codes in its present frame: one of each kind at most. */
export function decoder() {
  const hints = new Map([
    [DecodeHintType.TRY_HARDER, true],
    [DecodeHintType.POSSIBLE_FORMATS, [BarcodeFormat.CODE_128, BarcodeFormat.CODE_39, BarcodeFormat.EAN_13]],
  ])
  const readers = [new MultiFormatOneDReader(hints), new QRCodeReader(), new DataMatrixReader()]
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', {willReadFrequently: true})
  return async video => {
    const scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight))
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    if (!canvas.width || !canvas.height) return []
    pen.drawImage(video, 0, 0, canvas.width, canvas.height)
    const {data} = pen.getImageData(0, 0, canvas.width, canvas.height)
    const grey = new Uint8ClampedArray(canvas.width * canvas.height)
    for (let at = 0, from = 0; at < grey.length; at++, from += 4) grey[at] = (data[from] * 306 + data[from + 1] * 601 + data[from + 2] * 117) >> 10
    const found = []
    for (const reader of readers) {
      try {
        const seen = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, canvas.width, canvas.height)))
        found.push(reader.decode(seen, hints).getText())
      } catch (error) {
        if (!['NotFoundException', 'ChecksumException', 'FormatException'].includes(error?.getKind?.() ?? error?.name)) throw error
      }
    }
    return found
  }
}
