import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const here = path ? `${path}.${key}` : key
    if (typeof value === 'string') found.set(here, value)
    else for (const [k, v] of leaves(value, here)) found.set(k, v)
  }
  return found
}

const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort()

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx$/.test(entry.name) && !/\.test\./.test(entry.name) ? [path] : []
  })
}

describe('both languages', () => {
  const english = leaves(en)
  const chinese = leaves(zh)

  it('have the same keys', () => expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort()))

  it('have no empty text', () =>
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([]))

  it('fill in the same values', () => {
    const different = [...english].filter(
      ([key, text]) => String(placeholders(text)) !== String(placeholders(chinese.get(key) ?? '')),
    )
    expect(different).toEqual([])
  })

  it('leave no Chinese in the English texts', () =>
    expect([...english].filter(([, text]) => /[\u4e00-\u9fff]/.test(text))).toEqual([]))
})

describe('pages', () => {
  // Text between tags that is no translation: a word of two letters or more, or Chinese.
  it('hold no text of their own', () => {
    const between = />([^<>{}()=;&|]*?(?:[A-Za-z]{2,}|[\u4e00-\u9fff])[^<>{}()=;&|]*?)<\//g
    const loose = sources('src').flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(between)]
        .map((match) => match[1]!.trim())
        .filter((text) => text !== 'memseep')
        .map((text) => `${path}: ${text}`),
    )
    expect(loose).toEqual([])
  })
})
