import { expect, test } from 'vitest'
import { asSent, asShown } from './notice'

test('each line of a message stands by itself, lists and paragraphs as they are', () => {
  expect(asShown('grows\nsince noon\n\n**What to do**\n- restart\n- roll back\n\nInspection: a')).toBe('grows  \nsince noon\n\n**What to do**\n- restart\n- roll back\n\nInspection: a')
  expect(asShown('a | b\n|---|---|\n| 1 | 2 |')).toBe('a | b\n|---|---|\n| 1 | 2 |')
})

test('what an SMS said is its line', () => {
  const message = { language: 'en' as const, short: 'web-1 leaks', title: 'Host web-1 leaks', markdown: 'It grows.', text: 'It grows.' }
  expect(asSent({ kind: 'sms', message })).toBe('web-1 leaks')
  expect(asSent({ kind: 'email', message })).toBeUndefined()
})
