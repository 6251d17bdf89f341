/** What a project may be written in: the ids are Sentry's, so that its clients and importers know them. */
export const PLATFORMS = [
  { id: "python", label: "Python", mark: "Py" },
  { id: "python-django", label: "Django", mark: "Dj" },
  { id: "python-flask", label: "Flask", mark: "Fl" },
  { id: "python-fastapi", label: "FastAPI", mark: "Fa" },
  { id: "python-celery", label: "Celery", mark: "Ce" },
  { id: "node", label: "Node.js", mark: "No" },
  { id: "node-express", label: "Express", mark: "Ex" },
  { id: "node-nestjs", label: "NestJS", mark: "Ne" },
  { id: "javascript-nextjs", label: "Next.js", mark: "Nx" },
  { id: "javascript", label: "Browser JavaScript", mark: "JS" },
  { id: "javascript-react", label: "React", mark: "Re" },
  { id: "javascript-vue", label: "Vue", mark: "Vu" },
  { id: "javascript-angular", label: "Angular", mark: "Ng" },
  { id: "javascript-svelte", label: "Svelte", mark: "Sv" },
  { id: "php", label: "PHP", mark: "Ph" },
  { id: "php-laravel", label: "Laravel", mark: "La" },
  { id: "php-symfony", label: "Symfony", mark: "Sy" },
  { id: "ruby", label: "Ruby", mark: "Rb" },
  { id: "ruby-rails", label: "Rails", mark: "Ra" },
  { id: "go", label: "Go", mark: "Go" },
  { id: "java", label: "Java", mark: "Ja" },
  { id: "java-spring-boot", label: "Spring Boot", mark: "Sp" },
  { id: "android", label: "Android", mark: "An" },
  { id: "apple-ios", label: "iOS", mark: "iO" },
  { id: "dotnet", label: ".NET", mark: "Nt" },
  { id: "dotnet-aspnetcore", label: "ASP.NET Core", mark: "As" },
  { id: "rust", label: "Rust", mark: "Rs" },
  { id: "elixir", label: "Elixir", mark: "El" },
  { id: "flutter", label: "Flutter", mark: "Ft" },
  { id: "react-native", label: "React Native", mark: "Rn" },
  { id: "native", label: "C and C++", mark: "C+" },
  { id: "other", label: "Something else", mark: "··" },
] as const

export type PlatformId = (typeof PLATFORMS)[number]["id"]

export function isPlatform(id: string): id is PlatformId {
  return PLATFORMS.some((platform) => platform.id === id)
}

/** Projects made by imports and API may name a platform we have no words for. */
export function platformOf(id: string): { id: string; label: string; mark: string } {
  return PLATFORMS.find((platform) => platform.id === id) ?? { id, label: id, mark: id.slice(0, 2) }
}
