/** Failures of loading and hydrating that have a stack of their own in every build, browser and place. */
export const DEFAULT_FINGERPRINT_RULES = `
family:javascript error.type:ChunkLoadError -> chunkloaderror
family:javascript error.value:"ChunkLoadError*" -> chunkloaderror
family:javascript tags.transaction:"*" message:"Hydration failed because the initial UI does not match what was rendered on the server." -> hydrationerror, {{ tags.transaction }}
family:javascript tags.transaction:"*" message:"The server could not finish this Suspense boundary*Switched to client rendering." -> hydrationerror, {{ tags.transaction }}
family:javascript tags.transaction:"*" message:"There was an error while hydrating this Suspense boundary*" -> hydrationerror, {{ tags.transaction }}
family:javascript tags.transaction:"*" message:"There was an error while hydrating. Because the error happened outside of a Suspense boundary*" -> hydrationerror, {{ tags.transaction }}
family:javascript tags.transaction:"*" message:"Text content does not match server-rendered HTML." -> hydrationerror, {{ tags.transaction }}
`
