/**
 * Which frames are the application's and which count, where neither SDK nor project says otherwise. Rules as a project could write
 * them; later ones win.
 */
export const DEFAULT_STACK_RULES = String.raw`
# What kind of code a frame is.
family:native package:/System/Library/Frameworks/** category=system
family:native package:C:/Windows/** category=system
family:native package:/usr/lib/** category=system
family:native package:{CoreFoundation,Foundation,CFNetwork,IOKit,QuartzCore,IOMobileFramebuffer} category=system
family:native package:libobjc* category=system
family:native package:libsystem* category=system
family:native package:/system/** category=system
family:native package:/vendor/** category=system
family:native package:{libdispatch.dylib,WebKit} category=system
family:native package:**/libart.so category=system
family:native package:{linux-gate.so*,linux-vdso.so*} category=system
family:native function:{memset,memcpy,__memcpy,memcmp} category=system
package:/apex/com.android.*/lib*/** category=system
module:{dalvik.system.*,com.android.*,com.lenovo.lsf.*,com.lenovo.payplus.*} category=system

family:native function:{boost::*,std::*} category=std
module:{java.*,com.google.crypto.*,com.google.android.*,javax.crypto.*} category=std
module:{android.database.*,androidx.*,android.*} category=std
module:android.os.* category=system

family:native package:{UIKit,UIKitCore,SwiftUI,AttributeGraph,CoreAutoLayout,GraphicsServices} category=ui
family:native function:-\[NSISEngine* category=ui
module:{android.view.*,android.text.*,android.widget.*,android.app.Dialog} category=ui
module:{androidx.*.widget.*,com.google.android.material.*} category=ui
category:ui function:{handleMessage,run} category=indirection

family:native function:art::jit::* category=runtime

family:native package:{/system/lib/libmedia.so,/System/lib/libaudioclient.so} category=av
family:native package:{AudioToolbox*,libAudioToolboxUtility.dylib} category=av

family:native function:{std::_*,__swift_*,block_destroy_helper*} category=internals
family:native app:no function:*_block_invoke* category=internals

family:native package:/usr/lib/system/** function:start category=threadbase
family:native package:libdyld.dylib function:start category=threadbase
family:native package:{UIKitCore,UIKit} function:UIApplicationMain category=threadbase
family:native package:/usr/lib/system/libsystem_pthread.dylib function:<unknown> category=threadbase
family:native function:{wWinMain,invoke_main,BaseThreadInitThunk,RtlUserThreadStart,thread_start} category=threadbase
family:native function:{_pthread_start,__pthread_start,_pthread_body,_pthread_wqthread,start_wqthread} category=threadbase
family:native function:{_dispatch_worker_thread2,boost::*::thread_proxy} category=threadbase
family:native function:{TppWorkerThread,TppWorkpExecuteCallback,RtlpTpWorkCallback} category=threadbase
module:android.os.AsyncTask* function:call category=threadbase
module:java.util.concurrent.ThreadPoolExecutor* function:runWorker category=threadbase
module:android.os.* function:call category=threadbase
module:android.app.ActivityThread function:main category=threadbase
module:android.view.View function:layout category=threadbase
module:android.os.Looper function:loop category=threadbase
module:android.os.Handler function:{dispatchMessage,handleCallback} category=threadbase
module:android.app.ActivityThread* function:handleMessage category=threadbase

family:native package:**/libsystem_malloc.dylib category=malloc
family:native function:{malloc,malloc_base,RtlpAllocateHeapInternal} category=malloc
family:native function:std::*::allocator_traits* category=malloc

family:native function:{*::operator(),*<lambda>*,destructor',__dynamic_cast} category=indirection
family:native function:*::operator()* category=indirection
family:native function:{boost::function*,boost::_bi::*,boost::detail::function::functor_manager*} category=indirection
family:native function:Array.subscript.* category=indirection
module:java.lang.reflect.* category=indirection
module:java.lang.Class function:getMethod category=indirection
module:androidx.work.impl.utils.ForceStopRunnable category=indirection

family:native function:"*::\{dtor\}" category=dtor
family:native function:destructor' category=dtor
family:native function:{exit,RtlExitUserProcess,ExitProcessImplementation,RtlExitUserThread} category=shutdown
family:native function:{RtlpExecuteHandlerForException,_sigtramp,DispatchHookW,execute_onexit_table} category=handler

family:native function:{abort,raise,std::terminate,RtlExitUserThread,TppRaiseInvalidParameter} category=throw
family:native function:{_CxxThrowException,RaiseException,RaiseComPlusException} category=throw
family:native function:{_CFThrowFormattedException,objc_exception_throw,AG::precondition_failure*} category=throw

family:native package:C:/WINDOWS/system32/DriverStore/** category=driver
family:native package:/System/Library/Extensions/AppleIntel*GraphicsGLDriver.bundle/** category=driver
family:native package:**/nvcuda.dll category=driver
family:native package:"C:/Program Files/NVIDIA Corporation/**" category=driver
family:native package:/System/Library/Extensions/GeForceGLDriver.bundle/** category=driver
family:native package:/System/Library/Extensions/AMDRadeon*/** category=driver
family:native package:/System/Library/PrivateFrameworks/GPUSupport.framework/** category=driver
family:native package:{libGPUSupportMercury.dylib,AGXGLDriver} category=driver
family:native function:*CUDA* category=driver

family:native function:{RtlFreeHeap,RtlFreeUnicodeString,std::_Deallocate,free} category=free
family:native function:{objc_release,_swift_release_dealloc,_CFRelease} category=free

family:native package:C:/Windows/SYSTEM32/OPENGL32.dll category=gl
family:native package:/System/Library/Frameworks/OpenGL.framework/** category=gl
family:native package:{OpenGLES,GLEngine,/system/lib/libEGL.so,/system/lib/libskia.so} category=gl
family:native package:{**/libGLES*.so,**/libESXGLES*.so} category=gl
family:native package:/System/Library/Frameworks/OpenCL.framework/** category=gl

family:native package:/System/Library/PrivateFrameworks/GPUSupport.framework/** function:gpusGenerateCrashLog* category=telemetry
family:native function:{gpusKillClientExt,crashpad::*} category=telemetry
module:{cn.gundam.sdk.*,com.lenovo.payplus.analytics.*} category=telemetry
package:**/libBugly.so category=telemetry

family:native function:{dlopen,dladdr,ImageLoaderMachO::findClosestSymbol} category=load
family:native package:/system/lib/libnativeloader.so function:android::OpenNativeLibrary category=load
module:java.lang.System function:loadLibrary category=load
module:java.lang.Runtime function:loadLibrary* category=load
family:native function:pthread_mutex_lock category=lock

# What the frames around say.
category:driver | [ category:driver ] category=internals
[ category:gl ] | category:gl category=internals
[ category:av ] | category:av category=internals
[ category:malloc ] | category:malloc category=internals
family:other function:<module> | [ function:spawn_main ] category=internals
[ function:_purecall ] | category:throw category=internals
[ category:throw ] | category:throw category=internals

family:native category:system function:_* !function:_purecall category=internals
family:native category:system function:<unknown> category=internals
family:native function:{_INTERNAL*,closure,Collection.map<T>,Array.subscript.getter,Array._getElement} category=internals
family:native function:{_ArrayBuffer._nativeTypeChecked.getter,range,@callee_guaranteed} category=internals
family:native function:*.cold.1 category=indirection
[ !category:system ] | category:system | [ !category:system ] category=indirection

[ category:free ] | category:system category=internals
[ category:system ] | category:system category=internals
[ category:std ] | category:system category=internals
[ category:std ] | category:std category=internals
[ category:ui ] | category:ui category=internals
[ category:ui ] | category:system category=internals
[ category:internals ] | category:system category=internals
[ category:internals ] | category:ui category=internals
[ category:load ] | category:system category=internals
[ category:load ] | category:load category=internals
[ category:throw ] | category:system category=internals
[ category:runtime ] | category:system category=internals
[ category:runtime ] | category:runtime category=internals
[ category:dtor ] | category:dtor category=internals

# Frameworks of the JVM.
module:{akka.*,com.fasterxml.*,com.microsoft.*,com.sun.*,feign.*,io.opentelemetry.*,jdk.*,oauth.*} category=framework
module:{org.apache.*,org.glassfish.*,org.jboss.*,org.jdesktop.*,org.postgresql.*} category=framework
module:{org.springframework.*,org.web3j.*,reactor.core.*,scala.*,sun.*} category=framework
module:io.sentry.* category=framework -group

# Where an application is installed.
family:native package:{/var/containers/Bundle/Application/**,/private/var/containers/Bundle/Application/**} +app
family:native package:{**/Developer/CoreSimulator/Devices/**,**/Containers/Bundle/Application/**} +app
family:native package:{**.app/Contents/**,/Users/**} +app

# Unreal Engine's own way of failing.
family:native function:UE::Logging::Private::BasicFatalLog v+app -app ^-app
family:native function:{FDebug::CheckVerifyFailedImpl*,DispatchCheckVerify*} v+app -app ^-app
family:native function:FDebug::OptionallyLogFormattedEnsureMessageReturningFalse v+app -app ^-app
family:native function:UE::Assert::Private::ExecCheckImplInternal* v+app -app ^-app
family:native function:USentrySubsystem::{CaptureMessage*,CaptureEvent*} v+app -app ^-app
family:native function:USentrySubsystem::*execCapture* v+app -app ^-app

# Where libraries are installed, and the libraries of languages.
package:{/lib/**,/usr/lib/**} -app
path:{/usr/local/lib/**,/usr/local/Cellar/**,**/.local/share/**} -app
family:native function:{std::*,core::*,alloc::*,__rust_*,rust_begin_unwind} -app
family:native function:{std::panicking::begin_panic,core::panicking::begin_panic} ^-group -group ^-app -app
family:native function:{failure::backtrace::Backtrace::new,error_chain::make_backtrace} ^-group -group ^-app -app
family:native function:{std::panicking::panic_fmt,core::panicking::panic_fmt} ^-app -app
family:native function:{_CxxThrowException,__cxa_throw,__assert_rtn,_NSRaiseError} ^-group -group ^-app -app
family:native function:_mh_execute_header -group -app
family:native function:google_breakpad::* -app -group
family:native function:google_breakpad::ExceptionHandler::{SignalHandler,WriteMinidumpWithException} ^-group -group

# Support code of Apple's platforms and of the SDK there.
family:native package:**/Frameworks/libswift*.dylib -app
family:native package:**/Frameworks/{KSCrash,SentrySwift,Sentry}.framework/** -app
family:native function:{kscm_*,sentrycrashcm_*,kscrash_*,*sentrycrash_*} -app -group
family:native function:{?[[]KSCrash*,?[[]RNSentry*,__*[[]Sentry*,?[[]Sentry*} -app -group

# Dart and Flutter.
family:native package:/data/app/** path:**/*.dart +app
family:javascript module:**/packages/flutter/** -app
family:native path:{**/packages/flutter/**,lib/ui/hooks.dart,lib/ui/platform_dispatcher.dart} -app
family:native path:{package:flutter/**,dart:**,dart:*/**,third_party/dart/sdk/**,**/.pub-cache/**} -app
family:native package:**/Frameworks/{FlutterMacOS,Flutter}.framework/** -app
family:native function:"stub InvokeDartCode" -app
family:native function:"stub CallBootstrapNative" -app
family:javascript path:org-dartlang-sdk:///** -app -group
path:package:{sentry,sentry_flutter}/** -app -group
path:package:sentry_{logging,dio,file,hive,isar,sqflite,drift}/** -app -group
path:package:{sentry_link,sentry_firebase_remote_config}/** -app

# What the kinds of code mean.
category:throw ^-group -group ^-app -app
category:system -app
category:threadbase -group v-group
category:handler ^-group -group
category:telemetry -app -group
category:indirection -group
category:internals -app -group

# Package managers and runtimes.
path:**/vendor/** -app
path:{**/site-packages/**,**/dist-packages/**} -app
path:**/node_modules/** -app
module:unpkg/** -app
path:**https://{unpkg.com,cdnjs.cloudflare.com,cdn.jsdelivr.net,esm.run}/** -app
family:javascript function:reportError ^-app -app
module:{@babel/**,core-js/**,regenerator-runtime/**,tslib/**} -app -group
family:javascript function:_callSuper -app -group
function:{runMicrotasks,queueMicrotask,processTicksAndRejections,runNextTicks,nextTick} -app -group
path:**/go/pkg/mod/** -app
category:framework -app
module:{kotlin.*,kotlinx.*,io.ktor.*,io.netty.*} -app

# Other people's telemetry.
module:newrelic -app -group
path:{**/*newrelic*/**,**/*LogRocket*/**} -app -group
`
