import type { Guide } from "./guide.ts"

const java: Guide = {
  install: [
    {
      with: "gradle",
      code: `// build.gradle; take the newest 8.x
implementation "io.sentry:sentry:8.+"`,
    },
    {
      with: "maven",
      code: `<dependency>
  <groupId>io.sentry</groupId>
  <artifactId>sentry</artifactId>
  <version>[8.0,9.0)</version>
</dependency>`,
    },
  ],
  file: "the first lines of main()",
  init: (dsn) => `Sentry.init(options -> {
  options.setDsn("${dsn}");
  options.setRelease("my-app@1.0.0");
  options.setEnvironment("production");
});`,
  test: {
    file: "anywhere after it",
    code: `try {
  throw new IllegalStateException("The first error");
} catch (IllegalStateException error) {
  Sentry.captureException(error);
}`,
  },
}

const spring: Guide = {
  install: [
    {
      with: "gradle",
      code: `// build.gradle; Spring Boot 3
implementation "io.sentry:sentry-spring-boot-starter-jakarta:8.+"`,
    },
  ],
  file: "src/main/resources/application.properties",
  init: (dsn) => `sentry.dsn=${dsn}
sentry.release=my-app@1.0.0
sentry.environment=production`,
  test: {
    file: "any controller",
    code: `@GetMapping("/break-it")
String breakIt() {
  throw new IllegalStateException("The first error");
}`,
  },
}

const android: Guide = {
  install: [
    {
      with: "gradle",
      code: `// app/build.gradle.kts; take the newest 8.x
implementation("io.sentry:sentry-android:8.+")`,
    },
  ],
  file: "AndroidManifest.xml, inside <application>",
  init: (dsn) => `<meta-data android:name="io.sentry.dsn"
  android:value="${dsn}" />
<meta-data android:name="io.sentry.environment" android:value="production" />`,
  test: {
    file: "any activity",
    code: `button.setOnClickListener { throw RuntimeException("The first error") }`,
  },
  notes: ["The emulator reaches a server on your own machine as 10.0.2.2, not as localhost."],
}

const dotnet: Guide = {
  install: [{ with: "dotnet", code: "dotnet add package Sentry" }],
  file: "Program.cs",
  init: (dsn) => `using var sentry = SentrySdk.Init(options =>
{
    options.Dsn = "${dsn}";
    options.Release = "my-app@1.0.0";
    options.Environment = "production";
});`,
  test: { file: "after it", code: `throw new InvalidOperationException("The first error");` },
}

const aspnet: Guide = {
  install: [{ with: "dotnet", code: "dotnet add package Sentry.AspNetCore" }],
  file: "Program.cs",
  init: (dsn) => `var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseSentry(options =>
{
    options.Dsn = "${dsn}";
    options.Release = "my-app@1.0.0";
});`,
  test: {
    file: "Program.cs, before app.Run()",
    code: `app.MapGet("/break-it", string () => throw new Exception("The first error"));`,
  },
}

export const jvmGuides = { java, "java-spring-boot": spring, android }
export const dotnetGuides = { dotnet, "dotnet-aspnetcore": aspnet }
