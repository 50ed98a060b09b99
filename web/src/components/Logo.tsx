import { Group, Text } from '@mantine/core'

/** Logo is the name of the product with its mark. */
export function Logo() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/favicon.svg" width={26} height={26} alt="" />
      <Text fw={700} size="lg" lh={1}>
        memseep
      </Text>
    </Group>
  )
}
