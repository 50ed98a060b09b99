import { expect, test } from 'vitest'
import { fieldsAt } from './location'

test.each([
  ['body.name', ['name']],
  ['body.rules[0].targets', ['rules.0.targets', 'rules.0', 'rules']],
  ['body.links[2].url', ['links.2.url', 'links.2', 'links']],
  ['body.draft:3:7', ['draft']],
  ['body', []],
  ['query.from', []],
  ['request', []],
])('%s is one of %j', (location, fields) => {
  expect(fieldsAt(location)).toEqual(fields)
})
