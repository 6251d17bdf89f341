/** Names of the live series. */
export const liveSeries = {
  /** Events stored; distinct: users. */
  events: (projectId: string) => `events:${projectId}`,
  /** Items of a project by how they ended. */
  outcomes: (projectId: string, outcome: string) => `outcomes:${projectId}:${outcome}`,
}
