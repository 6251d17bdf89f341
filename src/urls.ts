/** Every URL path that pages, mails and the API print. `urlPrefix` (system.url-prefix) goes in front for absolute ones. */
const part = encodeURIComponent

export const urls = {
  home: () => "/",
  login: (next?: string) => (next ? `/auth/login/?next=${part(next)}` : "/auth/login/"),
  logout: () => "/auth/logout/",
  recover: () => "/account/recover/",
  recoverConfirm: (userId: string, token: string) =>
    `/account/recover/confirm/${part(userId)}/${part(token)}/`,
  accept: (org: string, memberId: string, token: string) =>
    `/accept/${part(org)}/${part(memberId)}/${part(token)}/`,
  setup: (token?: string) => (token ? `/setup/?token=${part(token)}` : "/setup/"),
  organization: (org: string) => `/organizations/${part(org)}/`,
  projects: (org: string) => `/organizations/${part(org)}/projects/`,
  newProject: (org: string) => `/organizations/${part(org)}/projects/new/`,
  project: (org: string, project: string) =>
    `/organizations/${part(org)}/projects/${part(project)}/`,
  gettingStarted: (org: string, project: string) =>
    `/organizations/${part(org)}/projects/${part(project)}/getting-started/`,
  issues: (org: string) => `/organizations/${part(org)}/issues/`,
  jump: (org: string) => `/organizations/${part(org)}/search/`,
  issue: (org: string, issueId: string) => `/organizations/${part(org)}/issues/${part(issueId)}/`,
  issueEvents: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/events/`,
  event: (org: string, issueId: string, eventId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/events/${part(eventId)}/`,
  /** "Why is this frame not mapped?" */
  eventSourceMaps: (org: string, issueId: string, eventId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/events/${part(eventId)}/source-maps/`,
  attachment: (org: string, issueId: string, eventId: string, attachmentId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/events/${part(eventId)}/attachments/${part(attachmentId)}/`,
  issueAttachments: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/attachments/`,
  issueFeedback: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/feedback/`,
  feedback: (org: string) => `/organizations/${part(org)}/feedback/`,
  feedbackItem: (org: string, feedbackId: string) =>
    `/organizations/${part(org)}/feedback/${part(feedbackId)}/`,
  /** The same files of feedback, which is about no event of an issue. */
  feedbackAttachment: (org: string, feedbackId: string, attachmentId: string) =>
    `/organizations/${part(org)}/feedback/${part(feedbackId)}/attachments/${part(attachmentId)}/`,
  issueActivity: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/activity/`,
  mergedHashes: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/merged/`,
  similarIssues: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/similar/`,
  deleteIssue: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/delete/`,
  issueTags: (org: string, issueId: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/distributions/`,
  issueTag: (org: string, issueId: string, key: string) =>
    `/organizations/${part(org)}/issues/${part(issueId)}/distributions/${part(key)}/`,
  stats: (org: string) => `/organizations/${part(org)}/stats/`,
  /** "Where is my event?" */
  whereIsMyEvent: (org: string) => `/organizations/${part(org)}/stats/where/`,
  releases: (org: string) => `/organizations/${part(org)}/releases/`,
  release: (org: string, version: string) =>
    `/organizations/${part(org)}/releases/${part(version)}/`,
  releaseCommits: (org: string, version: string) =>
    `/organizations/${part(org)}/releases/${part(version)}/commits/`,
  releaseFiles: (org: string, version: string) =>
    `/organizations/${part(org)}/releases/${part(version)}/files-changed/`,
  /** Without another version: beside the release before it. */
  compareReleases: (org: string, version: string, other?: string) =>
    `/organizations/${part(org)}/releases/${part(version)}/compare/${other === undefined ? "" : `?with=${part(other)}`}`,
  organizationSettings: (org: string) => `/settings/${part(org)}/`,
  organizationPrivacy: (org: string) => `/settings/${part(org)}/security-and-privacy/`,
  auditLog: (org: string) => `/settings/${part(org)}/audit-log/`,
  members: (org: string) => `/settings/${part(org)}/members/`,
  member: (org: string, memberId: string) => `/settings/${part(org)}/members/${part(memberId)}/`,
  organizationLimits: (org: string) => `/settings/${part(org)}/rate-limits/`,
  teams: (org: string) => `/settings/${part(org)}/teams/`,
  team: (org: string, team: string) => `/settings/${part(org)}/teams/${part(team)}/`,
  authTokens: (org: string) => `/settings/${part(org)}/auth-tokens/`,
  projectSettings: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/`,
  projectKeys: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/keys/`,
  projectKey: (org: string, project: string, publicKey: string) =>
    `/settings/${part(org)}/projects/${part(project)}/keys/${part(publicKey)}/`,
  projectLimits: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/rate-limits/`,
  projectFilters: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/filters/data-filters/`,
  projectLoader: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/loader-script/`,
  projectPrivacy: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/security-and-privacy/`,
  projectGrouping: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/issue-grouping/`,
  ruleChange: (org: string, project: string, changeId: string) =>
    `/settings/${part(org)}/projects/${part(project)}/issue-grouping/changes/${part(changeId)}/`,
  projectSourceMaps: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/source-maps/`,
  projectUpload: (org: string, project: string, uploadId: string) =>
    `/settings/${part(org)}/projects/${part(project)}/source-maps/${part(uploadId)}/`,
  projectDebugFiles: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/debug-symbols/`,
  projectDanger: (org: string, project: string) =>
    `/settings/${part(org)}/projects/${part(project)}/danger/`,
  accountDetails: () => "/settings/account/details/",
  accountNotifications: () => "/settings/account/notifications/",
  accountSecurity: () => "/settings/account/security/",
  accountTokens: () => "/settings/account/api/auth-tokens/",
  accountClose: () => "/settings/account/close-account/",
  unsubscribeIssue: (org: string, issueId: string) =>
    `/unsubscribe/${part(org)}/issue/${part(issueId)}/`,
  unsubscribeProject: (org: string, projectId: string) =>
    `/unsubscribe/${part(org)}/project/${part(projectId)}/`,
  ingestStatus: () => "/manage/status/ingest/",
  systemStatus: () => "/manage/",
  styleGuide: () => "/manage/ui/",
}

/** `https://PUBLIC@HOST/PROJECT` below the ingest prefix (system.ingest-url-prefix, else system.url-prefix). */
export function dsnOf(prefix: string, key: { publicKey: string }, projectId: string): string {
  const url = new URL(prefix)
  return `${url.protocol}//${key.publicKey}@${url.host}${url.pathname.replace(/\/$/, "")}/${projectId}`
}

/** What stands for a DSN where none is read, and where a customer's pages fetch the loader script from. */
export function keyAddresses(prefix: string, key: { publicKey: string; projectId: string }) {
  const base = prefix.replace(/\/$/, "")
  const api = `${base}/api/${part(key.projectId)}`
  const publicKey = part(key.publicKey)
  return {
    loader: `${base}/js-sdk-loader/${publicKey}.min.js`,
    minidump: `${api}/minidump/?sentry_key=${publicKey}`,
    unreal: `${api}/unreal/${publicKey}/`,
    security: `${api}/security/?sentry_key=${publicKey}`,
  }
}

export type KeyAddresses = ReturnType<typeof keyAddresses>
