import { describe, expect, it } from 'vitest'
import { arrives } from './arrives'

// loads fails so many times; there answers so many times that the server is away.
function made(failures: number, away: number) {
  const waited: number[] = []
  let asked = 0
  const load = () => (failures-- > 0 ? Promise.reject(new Error('not loaded')) : Promise.resolve('code'))
  const there = () => Promise.resolve(asked++ >= away)
  return { waited, run: () => arrives(load, there, (ms) => (waited.push(ms), Promise.resolve())) }
}

describe('the code of a page', () => {
  it('is loaded at once where the server answers', async () => {
    const { run, waited } = made(0, 0)
    expect(await run()).toBe('code')
    expect(waited).toEqual([])
  })

  it('is waited for, longer and longer, while the server is away', async () => {
    const { run, waited } = made(1, 6)
    expect(await run()).toBe('code')
    expect(waited).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
  })

  it('is given up where the server is there and has it no more', async () => {
    await expect(made(2, 0).run()).rejects.toThrow('not loaded')
  })
})
