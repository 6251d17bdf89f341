import { expect, test } from "bun:test"
import { BarChart } from "../../../../src/web/ui/components/charts/bar-chart.tsx"

const START = Date.UTC(2026, 10, 28, 1)
const chart = (stepHours: number, events: number[]) =>
  String(
    <BarChart
      buckets={events.map((count, at) => ({
        from: new Date(START + at * stepHours * 3_600_000),
        events: count,
      }))}
      zone="Asia/Kathmandu"
      period="a while"
    />,
  )

test("the peak is told by its day, of hours by the reader's clock", () => {
  expect(chart(24, [1, 3])).toContain("4 events in a while, at most 3 on 29 Nov 2026")
  expect(chart(1, [1, 3])).toContain("4 events in a while, at most 3 from 07:45")
})

test("one bar with everything needs no peak", () => {
  expect(chart(1, [0, 1])).toContain(">1 event in a while<")
  expect(chart(1, [0, 0])).toContain(">No events in a while<")
})
