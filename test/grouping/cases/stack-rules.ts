type Json = Record<string, unknown>

/** Rules, frames from the oldest to the newest, and whether each is the application's afterwards. */
export type StackRuleCase = {
  title: string
  rules: string[]
  platform?: string
  exception?: { type?: string; value?: string; mechanism?: { type: string } }
  frames: Json[]
  inApp: boolean[]
}

const own = (name: string, more: Json = {}) => ({ function: name, in_app: true, ...more })
const foreign = (name: string, more: Json = {}) => ({ function: name, in_app: false, ...more })

export const stackRuleCases: StackRuleCase[] = [
  {
    title: "a path fits relative and absolute ones",
    rules: ["path:**/bower_components/** -app"],
    platform: "node",
    frames: [
      { filename: "bower_components/a/b.js", in_app: true },
      { abs_path: "/home/x/bower_components/a/b.js", in_app: true },
      { abs_path: "/home/x/lib/b.js", in_app: true },
    ],
    inApp: [false, false, true],
  },
  {
    title: "a function's case counts, and a nameless frame is not it",
    rules: ["function:ship* +app"],
    frames: [foreign("shipAll"), foreign("Ship"), { in_app: false }],
    inApp: [true, false, false],
  },
  {
    title: "later rules win",
    rules: ["module:store.* -app", "module:store.core.* +app"],
    frames: [
      { module: "store.page.a", in_app: true },
      { module: "store.core.b", in_app: false },
    ],
    inApp: [false, true],
  },
  {
    title: "a caller is the frame before",
    rules: ["[ function:start ] | function:go -app"],
    frames: [own("start"), own("go"), own("go")],
    inApp: [true, false, true],
  },
  {
    title: "a callee is the frame after",
    rules: ["function:go | [function:fail] -app"],
    frames: [own("go"), own("go"), own("fail")],
    inApp: [true, false, true],
  },
  {
    title: "v is for the frames before",
    rules: ["function:boot v-app"],
    frames: [own("a"), own("boot"), own("c")],
    inApp: [false, true, true],
  },
  {
    title: "^ is for the frames after",
    rules: ["function:boot ^-app"],
    frames: [own("a"), own("boot"), own("c")],
    inApp: [true, true, false],
  },
  {
    title: "! is for all that do not fit, also for want of anything to fit",
    rules: ["!module:store.* -app"],
    frames: [
      { module: "store.a", in_app: true },
      { module: "tools.b", in_app: true },
      own("nothing more"),
    ],
    inApp: [true, false, false],
  },
  {
    title: "a category is known to the rules after it",
    rules: ["function:ship category=mail", "category:mail -app"],
    frames: [own("ship"), own("load")],
    inApp: [false, true],
  },
  {
    title: "a frame's own platform decides about its family",
    rules: ["family:javascript function:go -app"],
    platform: "python",
    frames: [own("go"), own("go", { platform: "node" })],
    inApp: [true, false],
  },
  {
    title: "no answer of the SDK is a no",
    rules: ["app:no function:go +app"],
    frames: [foreign("go"), { function: "go" }],
    inApp: [true, true],
  },
  {
    title: "a package's case and separators do not count",
    rules: ["package:**/CORE.dll -app"],
    platform: "native",
    frames: [{ package: "D:\\bin\\core.dll", in_app: true }],
    inApp: [false],
  },
  {
    title: "a nameless function is called <unknown>",
    rules: ["function:<unknown> -app"],
    frames: [{ module: "m", in_app: true }],
    inApp: [false],
  },
  {
    title: "without rules, no answer is a no",
    rules: [],
    frames: [{ function: "f" }],
    inApp: [false],
  },
  {
    title: "one star stays within its folder",
    rules: ["path:/lib/*.js +app"],
    platform: "node",
    frames: [{ filename: "lib/a.js" }, { filename: "lib/b/a.js" }],
    inApp: [true, false],
  },
  {
    title: "a rule can be about an exception",
    rules: ["type:ShipError mechanism:on* value:*lost* function:go -app"],
    exception: { type: "ShipError", value: "parcel lost", mechanism: { type: "onerror" } },
    frames: [own("go")],
    inApp: [false],
  },
  {
    title: "without an exception its type is <unknown>",
    rules: ["type:<unknown> function:go -app", "type:ShipError function:stay -app"],
    frames: [own("go"), own("stay")],
    inApp: [false, true],
  },
  {
    title: "all frames are looked at before one is changed",
    rules: ["app:yes ^-app"],
    frames: [own("a"), own("b"), own("c")],
    inApp: [true, false, false],
  },
  {
    title: "braces give a choice, brackets a letter",
    rules: ["function:{load,save}_[a-c] -app"],
    frames: [own("load_a"), own("save_c"), own("save_d"), own("drop_a")],
    inApp: [false, false, true, true],
  },
]
