const ACCESSOR = /^((?:sun|jdk\.internal)\.reflect\.GeneratedMethodAccessor)\d{1,10}/
/** Parts that a framework generates anew at each start; each marker stays, its number goes. */
const GENERATED =
  /(sun\.reflect\.Generated(?:Serialization)?ConstructorAccessor)\d{1,10}|(\$\$\w{0,100}CGLIB\$\$)[0-9a-f]{1,16}(?:_\d{1,10})?|(\$\$_javassist)(?:_seam)?(?:_\d{1,10})?|(\$fn__)\d{1,10}|(\$\$?EnhancerBy\w{0,60}\$\$?)[0-9a-f]{1,16}(?:_\d{1,10})?|(\$\$?FastClassBy\w{0,60}\$\$?)[0-9a-f]{1,16}(?:_\d{1,10})?|(\$\$?HibernateProxy\$\$?)\w{1,40}/g

/** A class name without what differs from run to run; null when nothing else is in it. */
export function stableJavaModule(module: string): string | null {
  if (module.includes("$$Lambda$")) return null
  if (!module.includes("$") && !module.includes("reflect.")) return module
  if (ACCESSOR.test(module)) return module.replace(ACCESSOR, "$1")
  return module.replace(GENERATED, (_match, ...groups) => {
    const marker = groups.slice(0, 7).find((group) => typeof group === "string")
    return `${marker}<auto>`
  })
}

export function stableJavaFile(basename: string): string {
  return basename.includes("$$_javassist")
    ? basename.replace(/\$\$_javassist(?:_seam)?(?:_\d{1,10})?/, "<auto>")
    : basename
}
