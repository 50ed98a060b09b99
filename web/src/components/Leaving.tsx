import { Button, Group, Modal } from '@mantine/core'

type Props = { opened: boolean; title: string; go: string; stay: string; onGo: () => void; onStay: () => void }

/** Leaving asks whether what is not saved shall be lost. */
export function Leaving({ opened, title, go, stay, onGo, onStay }: Props) {
  return (
    <Modal opened={opened} onClose={onStay} title={title} centered>
      <Group justify="end">
        <Button variant="default" onClick={onGo}>
          {go}
        </Button>
        <Button onClick={onStay}>{stay}</Button>
      </Group>
    </Modal>
  )
}
