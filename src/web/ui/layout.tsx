import type { Child } from "hono/jsx"
import { nameOf } from "#accounts/users/user.ts"
import { urls } from "#urls.ts"
import { Avatar } from "./components/avatar.tsx"
import { Button } from "./components/button.tsx"
import { Flash, type FlashMessage, Toasts } from "./components/feedback/notice.tsx"
import { Csrf } from "./components/forms/form.tsx"
import { Icon, Logo } from "./components/icon.tsx"
import { Menu, MenuLabel, MenuLine, MenuLink } from "./components/menu.tsx"
import { type NavItem, navigation, type Section } from "./navigation.ts"
import { type Appearance, Page, PRODUCT } from "./page.tsx"

/** Entries that fit into the bottom bar of a phone; the others go behind "More". */
const BOTTOM_BAR_ITEMS = 4

type LayoutOrganization = { slug: string; name: string }

/** What the shell shows of the viewer; #accounts/users/viewer.ts is one of these. */
type LayoutViewer = {
  user: { name: string; email: string; isSuperuser: boolean; preferences: Appearance }
  memberships: readonly LayoutOrganization[]
}

export type LayoutProps = {
  /** In the window's title; the page brings its own h1. */
  title: string
  section: Section
  viewer: LayoutViewer
  /** The organization the page belongs to; null on pages about the account or the instance. */
  organization: LayoutOrganization | null
  /** For the forms of the shell; pages give it to their own. */
  csrf: string
  /** How the browser was told to look (cookies); the viewer's preferences when absent. */
  appearance?: Appearance
  /** What the last request did. */
  flash?: FlashMessage | null
  /** Lines that concern everybody or the operator, above the page. */
  banners?: Child
  /** A second list in the side nav. */
  views?: readonly { label: string; href: string; current?: boolean }[]
  refreshSeconds?: number
  children: Child
}

/** Every page of somebody who is signed in: top bar, side nav (bottom bar on phones), main. */
export function Layout(props: LayoutProps) {
  const { viewer, organization, csrf } = props
  return (
    <Page
      title={props.title}
      appearance={props.appearance ?? viewer.user.preferences}
      {...(props.refreshSeconds !== undefined && { refreshSeconds: props.refreshSeconds })}
    >
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="shell">
        <TopBar viewer={viewer} organization={organization} csrf={csrf} />
        <SideNav
          items={navigation(organization, viewer.user.isSuperuser)}
          section={props.section}
          views={props.views ?? []}
        />
        <main class="main" id="main" tabindex={-1}>
          {props.banners}
          {props.flash && <Flash message={props.flash} csrf={csrf} />}
          {props.children}
        </main>
      </div>
      <HelpDialog />
      <Toasts />
    </Page>
  )
}

/** Filled by shortcuts.js with the keys of the page it is opened on. */
function HelpDialog() {
  return (
    <dialog class="dialog shortcuts" aria-labelledby="help-title" data-help-dialog>
      <h2 id="help-title">Keyboard shortcuts</h2>
      <dl data-help-list></dl>
      <form method="dialog">
        <Button size="small">Close</Button>
      </form>
    </dialog>
  )
}

/** Pages outside the shell: sign-in, recovery, invitations, setup, errors. */
export function AloneLayout(props: {
  title: string
  width?: "narrow" | "wide"
  appearance?: Appearance
  refreshSeconds?: number
  children: Child
}) {
  return (
    <Page
      title={props.title}
      {...(props.appearance && { appearance: props.appearance })}
      {...(props.refreshSeconds !== undefined && { refreshSeconds: props.refreshSeconds })}
    >
      <main class="alone" id="main" tabindex={-1} data-width={props.width ?? "narrow"}>
        <a class="alone-mark" href={urls.home()}>
          <Logo />
          {PRODUCT}
        </a>
        {props.children}
      </main>
      <Toasts />
    </Page>
  )
}

type TopBarProps = Pick<LayoutProps, "viewer" | "organization" | "csrf">

function TopBar({ viewer, organization, csrf }: TopBarProps) {
  return (
    <header class="top">
      <a class="top-mark" href={urls.home()} aria-label={`${PRODUCT}, home`}>
        <Logo />
      </a>
      <OrganizationSwitcher current={organization} organizations={viewer.memberships} />
      {organization ? (
        <search class="jump">
          <form action={urls.jump(organization.slug)}>
            <input
              class="input mono"
              name="q"
              type="search"
              maxlength={500}
              aria-label="Jump to an issue, an event or search"
              placeholder="Jump to… PROJ-1, event id, text"
              data-shortcut="jump"
            />
          </form>
        </search>
      ) : (
        <span class="grow"></span>
      )}
      <UserMenu name={nameOf(viewer.user)} csrf={csrf} />
    </header>
  )
}

function OrganizationSwitcher(props: {
  current: LayoutOrganization | null
  organizations: readonly LayoutOrganization[]
}) {
  const { current, organizations } = props
  if (!current && organizations.length === 0) return null
  return (
    <Menu
      variant="quiet"
      size="small"
      summary={
        <>
          <b class="top-organization">{current?.name ?? "Organizations"}</b>
          <Icon name="chevron-down" />
        </>
      }
    >
      <MenuLabel>Organizations</MenuLabel>
      {organizations.map(({ slug, name }) => (
        <MenuLink href={urls.issues(slug)} current={slug === current?.slug}>
          {name}
        </MenuLink>
      ))}
    </Menu>
  )
}

function UserMenu({ name, csrf }: { name: string; csrf: string }) {
  return (
    <Menu variant="quiet" size="small" align="end" summary={<Avatar name={name} />}>
      <MenuLabel>{name}</MenuLabel>
      <MenuLink href={urls.accountDetails()}>
        <Icon name="user" />
        Account
      </MenuLink>
      <button class="menu-item needs-script" type="button" data-theme-toggle>
        <Icon name="moon" />
        Switch theme
      </button>
      <button class="menu-item needs-script" type="button" data-density-toggle>
        <Icon name="list" />
        Switch density
      </button>
      <button class="menu-item needs-script" type="button" data-help>
        <Icon name="circle-help" />
        Keyboard shortcuts
      </button>
      <MenuLine />
      <form method="post" action={urls.logout()}>
        <Csrf token={csrf} />
        <button class="menu-item" type="submit">
          <Icon name="log-out" />
          Sign out
        </button>
      </form>
    </Menu>
  )
}

type SideNavProps = {
  items: readonly NavItem[]
  section: Section
  views: NonNullable<LayoutProps["views"]>
}

function SideNav({ items, section, views }: SideNavProps) {
  const extra = items.slice(BOTTOM_BAR_ITEMS)
  return (
    <nav class="nav" aria-label="Primary">
      <ul>
        {items.map((item, index) => (
          <li {...(index >= BOTTOM_BAR_ITEMS && { class: "nav-extra" })}>
            <NavLink item={item} current={item.section === section} />
          </li>
        ))}
        {extra.length > 0 && (
          <li class="nav-more">
            <Menu
              align="end"
              variant="quiet"
              summary={
                <>
                  <Icon name="ellipsis" />
                  More
                </>
              }
            >
              {extra.map((item) => (
                <MenuLink href={item.href} current={item.section === section}>
                  <Icon name={item.icon} />
                  {item.label}
                </MenuLink>
              ))}
            </Menu>
          </li>
        )}
      </ul>
      {views.length > 0 && <h2>Views</h2>}
      {views.length > 0 && (
        <ul>
          {views.map((view) => (
            <li>
              <a href={view.href} {...(view.current && { "aria-current": "page" })}>
                {view.label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </nav>
  )
}

function NavLink({ item, current }: { item: NavItem; current: boolean }) {
  return (
    <a
      href={item.href}
      {...(item.key && { "data-go": item.key })}
      {...(current && { "aria-current": "page" })}
    >
      <Icon name={item.icon} />
      {item.label}
    </a>
  )
}
