// Replays a recording (asciicast v2) in a terminal: play, pause, speed, seeking, and marks to jump to.

// Nobody waits longer than this for the next thing that happened, in seconds.
const LONGEST_PAUSE = 2
const SPEEDS = [1, 2, 4, 8]

/** Events with the instants at which they are shown: long pauses are shortened. Lines that are no events are left out. */
export function read(text) {
  const [head, ...lines] = text.split('\n').filter(Boolean).map(line => { try { return JSON.parse(line) } catch { return null } })
  const events = []
  let at = 0, before = 0
  for (const event of lines) {
    if (!Array.isArray(event) || typeof event[0] !== 'number') continue
    at += Math.min(Math.max(event[0] - before, 0), LONGEST_PAUSE)
    before = event[0]
    events.push({at, kind: event[1], text: String(event[2])})
  }
  return {width: head?.width ?? 80, height: head?.height ?? 24, events, length: at}
}

const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

function element(name, attributes, text = '') {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.textContent = text
  return made
}

export function replay(text, terminal, frame, box) {
  const cast = read(text)
  const marks = cast.events.filter(event => event.kind === 'm')
  let at = 0, next = 0, playing = false, speed = 1, last = 0, frameId = 0

  const bar = element('div', {class: 'bar', role: 'group', 'aria-label': 'Replay'})
  const play = element('button', {type: 'button', class: 'play'}, 'Play')
  const seek = element('input', {type: 'range', min: 0, max: cast.length || 1, step: 'any', value: 0, 'aria-label': 'Position'})
  const time = element('span', {class: 'time'})
  const fast = element('button', {type: 'button', class: 'speed', 'aria-label': 'Speed'}, '1×')
  bar.append(play, seek, time, fast)
  frame.append(bar)
  if (marks.length) {
    const list = element('ol', {class: 'marks', 'aria-label': 'What was typed'})
    for (const mark of marks) {
      const item = element('li', {})
      const jump = element('button', {type: 'button'}, `${clock(mark.at)}  ${mark.text}`)
      jump.addEventListener('click', () => go(mark.at))
      item.append(jump)
      list.append(item)
    }
    frame.append(list)
  }

  function show(event) {
    if (event.kind === 'o') terminal.write(event.text)
    const size = event.kind === 'r' && /^(\d{1,3})x(\d{1,3})$/.exec(event.text)
    if (size) terminal.resize(Math.max(Number(size[1]), 2), Math.max(Number(size[2]), 1))
  }
  function told() {
    seek.value = at
    time.textContent = `${clock(at)} / ${clock(cast.length)}`
    play.textContent = playing ? 'Pause' : at >= cast.length ? 'Play again' : 'Play'
    seek.setAttribute('aria-valuetext', time.textContent)
  }
  function upTo(instant) {
    while (next < cast.events.length && cast.events[next].at <= instant) show(cast.events[next++])
    at = instant
  }
  function go(instant) {
    if (instant < at) { terminal.reset(); terminal.resize(cast.width, cast.height); next = 0 }
    upTo(Math.min(instant, cast.length))
    told()
  }
  function step(now) {
    if (!playing) return
    upTo(Math.min(at + (now - last) / 1000 * speed, cast.length))
    last = now
    if (at >= cast.length) playing = false
    told()
    if (playing) frameId = requestAnimationFrame(step)
  }
  play.addEventListener('click', () => {
    if (!playing && at >= cast.length) go(0)
    playing = !playing
    last = performance.now()
    told()
    if (playing) frameId = requestAnimationFrame(step)
  })
  seek.addEventListener('input', () => go(Number(seek.value)))
  fast.addEventListener('click', () => {
    speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]
    fast.textContent = `${speed}×`
  })
  return {
    start() { terminal.resize(cast.width, cast.height); go(0) },
    fit() {},
    stop() { playing = false; cancelAnimationFrame(frameId) },
  }
}
