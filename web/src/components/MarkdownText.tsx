import { Anchor, Box, Table, Text, Typography } from '@mantine/core'
import Read, { type Components } from 'react-markdown'
import gfm from 'remark-gfm'

// A heading in a text stands below those of the page around it.
const heading: Components['h1'] = ({ children }) => (
  <Text fw={600} mt="xs" mb={4} role="heading" aria-level={3}>
    {children}
  </Text>
)

const parts: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  a: ({ href, children }) =>
    href ? (
      <Anchor href={href} target="_blank" rel="noreferrer noopener" inherit underline="always">
        {children}
      </Anchor>
    ) : (
      <Text span inherit children={children} />
    ),
  // Nothing is fetched from where a text says.
  img: ({ src, alt }) => (
    <Anchor href={typeof src === 'string' ? src : undefined} target="_blank" rel="noreferrer noopener" inherit underline="always">
      {alt || src}
    </Anchor>
  ),
  table: ({ children }) => (
    <Box tabIndex={0} style={{ overflowX: 'auto' }}>
      <Table w="auto">{children}</Table>
    </Box>
  ),
}

/** MarkdownText is the part of Markdown that is loaded when there is something to show. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    <Typography fz="sm" style={{ overflowWrap: 'anywhere' }}>
      <Read remarkPlugins={[gfm]} components={parts}>
        {text}
      </Read>
    </Typography>
  )
}
