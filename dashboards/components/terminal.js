// A terminal: what a device says is written, what is typed is sent to the server, which decides what the device hears;
// or, with a recording, what was said then is replayed.
import {FitAddon} from '@xterm/addon-fit'
import {Terminal} from '@xterm/xterm'
import css from '@xterm/xterm/css/xterm.css'
import own from './terminal/terminal.css'
import {replay} from './terminal/replay.js'

// Letters are sent together that come within this time, in ms.
const TOGETHER = 4
const LOOK = {
  fontSize: 14, scrollback: 5000, fontFamily: '"DejaVu Sans Mono", Menlo, Consolas, monospace', screenReaderMode: true,
  theme: {background: '#0b1220', foreground: '#e6edf3', cursor: '#7ee0d0', selectionBackground: '#31507a'},
}

function live(model, terminal, box) {
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  // Tab is the device's; Shift+Tab leads out, so that nobody who has only a keyboard is caught here.
  terminal.attachCustomKeyEventHandler(event => !(event.key === 'Tab' && event.shiftKey))
  let typed = '', sending = null, size = ''
  terminal.onData(text => {
    typed += text
    sending ??= setTimeout(() => { model.send_msg({typed}); typed = ''; sending = null }, TOGETHER)
  })
  const tell = () => {
    const now = `${terminal.cols}x${terminal.rows}`
    if (now !== size) { size = now; model.send_msg({size: [terminal.cols, terminal.rows]}) }
  }
  terminal.onResize(tell)
  model.on('msg:custom', event => {
    const {said} = event.data ?? event
    if (typeof said === 'string') terminal.write(said)
  })
  model.on('live', () => { terminal.options.disableStdin = !model.live; terminal.options.cursorBlink = model.live })
  return {
    start() { fit.fit(); tell(); terminal.focus() },
    fit() { fit.fit() },
  }
}

export function render({model, el}) {
  const style = document.createElement('style')
  style.textContent = css + own
  const frame = document.createElement('div')
  frame.className = 'frame'
  const box = document.createElement('div')
  box.className = 'box'
  frame.append(box)
  el.append(style, frame)
  const replays = model.recording !== ''
  const terminal = new Terminal({...LOOK, cursorBlink: !replays, disableStdin: replays})
  const part = replays ? replay(model.recording, terminal, frame, box) : live(model, terminal, box)
  const watching = new ResizeObserver(() => part.fit())
  model.on('after_render', () => {
    terminal.open(box)
    terminal.textarea.setAttribute('aria-label', replays ? 'Replayed terminal' : 'Terminal')
    part.start()
    watching.observe(box)
  })
  model.on('remove', () => { watching.disconnect(); part.stop?.(); terminal.dispose() })
}
