import type { StreamProject } from "#issues/stream/facts-store.ts"
import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Options } from "../components/forms/field.tsx"
import { Icon } from "../components/icon.tsx"
import type { ReleasesRequest } from "./requests.ts"

type Props = {
  org: string
  request: ReleasesRequest
  projects: readonly StreamProject[]
  environments: readonly string[]
  /** What is wrong with the query. */
  mistake: string | null
}

const HELP =
  "Part of a version, or release:, release.version: (1.2.3, >=1.2, 1.2.*), release.package:, release.build:"

export function SearchForm({ org, request, projects, environments, mistake }: Props) {
  const named = environments.filter((name) => name !== "")
  return (
    <search>
      <form class="search-form release-search" action={urls.releases(org)}>
        <input
          class="input"
          type="search"
          name="query"
          value={request.query}
          maxlength={250}
          aria-label="Part of a version, or a filter"
          placeholder="Version, or release.version:>=2.1"
          title={HELP}
          data-shortcut="search"
          {...(mistake && { "aria-invalid": "true", "aria-describedby": "query-error" })}
        />
        {projects.length > 1 && (
          <Choice
            name="project"
            label="Project"
            selected={request.projectId}
            options={[["", "All projects"], ...projects.map(({ id, slug }) => [id, slug] as const)]}
          />
        )}
        {named.length > 0 && (
          <Choice
            name="environment"
            label="Environment"
            selected={request.environment}
            options={[["", "All environments"], ...named.map((name) => [name, name] as const)]}
          />
        )}
        <Choice
          name="sort"
          label="Order"
          selected={request.sort}
          options={[
            ["date", "Newest first"],
            ["semver", "By version"],
          ]}
        />
        <Choice
          name="status"
          label="Which"
          selected={request.status}
          options={[
            ["open", "Open"],
            ["archived", "Archived"],
          ]}
        />
        <Button icon="search">Search</Button>
      </form>
      {mistake && (
        <p class="field-error release-mistake" id="query-error" role="alert">
          <Icon name="circle-alert" />
          {mistake}
        </p>
      )}
    </search>
  )
}

function Choice(props: {
  name: string
  label: string
  selected: string | null
  options: (readonly [value: string, label: string])[]
}) {
  return (
    <select class="input" name={props.name} aria-label={props.label}>
      <Options
        options={props.options.map(([value, label]) => ({ value, label }))}
        selected={props.selected ?? ""}
      />
    </select>
  )
}
