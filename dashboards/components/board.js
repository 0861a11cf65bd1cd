// The dispatch board: a lane per engineer, visits as bars. A bar that is dropped elsewhere is told to the server, which
// decides; it stays where it was dropped only when the server draws it there.
import {createCalendar, destroyCalendar, Interaction, ResourceTimeline} from '@event-calendar/core'
import css from '@event-calendar/core/index.css'
import own from './board/board.css'

// The wall time that the board shows, as the server counts it: no zone of the browser's comes into it.
const wall = date => {
  const two = n => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:00`
}

// An hour of a week, in pixels: a visit's code fits into its bar.
const WEEK_HOUR = 62

function content({event}) {
  const {code, who, state} = event.extendedProps
  const box = document.createElement('div')
  box.className = 'bar'
  box.title = `${code} ${who}\n${state}` // in a week a bar has less room than its words
  for (const [css, text] of [['code', code], ['who', who], ['state', state]]) {
    const part = document.createElement('span')
    part.className = css
    part.textContent = text
    part.dir = 'auto' // a name that reads from right to left is cut at its end, too
    box.append(part)
  }
  return {domNodes: [box]}
}

function lane({resource}) {
  const box = document.createElement('div')
  box.className = 'lane'
  const name = document.createElement('b')
  name.textContent = resource.title
  name.dir = 'auto'
  const load = document.createElement('small')
  load.textContent = resource.extendedProps.load
  box.append(name, load)
  return {domNodes: [box]}
}

// The library calls its boxes a table and leaves out what a table must have: readers of screens are told of none. The
// bars are buttons with their own words, and the form below the board does whatever dragging does.
const TABLE = ['table', 'rowgroup', 'row', 'rowheader', 'columnheader', 'cell', 'gridcell']
const COUNTED = ['aria-colindex', 'aria-rowindex', 'aria-colcount', 'aria-rowcount', 'aria-colspan', 'aria-rowspan']
const untabled = box => {
  for (const part of box.querySelectorAll('[role]')) if (TABLE.includes(part.getAttribute('role'))) part.removeAttribute('role')
  for (const part of box.querySelectorAll('.ec-main:not([tabindex])')) part.tabIndex = 0 // it scrolls, also by the keyboard
  for (const name of COUNTED) for (const part of box.querySelectorAll(`[${name}]`)) part.removeAttribute(name)
}

export function render({model, el}) {
  const style = document.createElement('style')
  style.textContent = css + own
  const box = document.createElement('div')
  box.className = 'board'
  box.setAttribute('role', 'group')
  box.setAttribute('aria-label', model.label)
  el.append(style, box)
  const watching = new MutationObserver(() => untabled(box))
  watching.observe(box, {subtree: true, childList: true, attributes: true, attributeFilter: ['role', ...COUNTED]})
  const drawn = () => model.visits.map(visit => ({...visit, resourceIds: [visit.lane]}))
  const calendar = createCalendar(box, [ResourceTimeline, Interaction], {
    view: model.week ? 'resourceTimelineWeek' : 'resourceTimelineDay', date: model.day, height: '100%', firstDay: 1,
    headerToolbar: {start: '', center: '', end: ''}, locale: model.locale, nowIndicator: true,
    slotMinTime: model.opens, slotMaxTime: model.closes, slotDuration: '01:00', snapDuration: '00:15', slotWidth: model.week ? WEEK_HOUR : 92,
    slotLabelFormat: {hour: '2-digit', minute: '2-digit'}, hiddenDays: [],
    resources: model.lanes, events: drawn(), editable: false, eventStartEditable: model.movable, eventDurationEditable: false,
    eventContent: content, resourceLabelContent: lane,
    eventDrop: ({event, oldEvent}) => model.send_msg({
      moved: {code: event.id, lane: event.resourceIds[0], start: wall(event.start), from: wall(oldEvent.start)},
    }),
    eventClick: ({event}) => model.send_msg({picked: event.id}),
  })
  model.on('visits', () => calendar.setOption('events', drawn()))
  model.on('lanes', () => calendar.setOption('resources', model.lanes))
  model.on('day', () => calendar.setOption('date', model.day))
  model.on('week', () => {
    calendar.setOption('slotWidth', model.week ? WEEK_HOUR : 92)
    calendar.setOption('view', model.week ? 'resourceTimelineWeek' : 'resourceTimelineDay')
  })
  // Whatever was dropped and refused goes back to where it is on record.
  model.on('msg:custom', () => calendar.setOption('events', drawn()))
  untabled(box)
  model.on('remove', () => { watching.disconnect(); destroyCalendar(calendar) })
}
