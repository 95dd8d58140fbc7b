package io.crossfade.jdbc.build;

import java.io.File;
import java.io.IOException;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.build.EntryPoint;
import net.bytebuddy.build.Plugin;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.inline.MethodNameTransformer;

/** Completes the compiled proxies, in place. Called by the build at process-classes. */
public final class Weaving {

    private Weaving() {}

    /** Takes the directory of the classes. */
    public static void main(String[] arguments) throws IOException {
        File classes = new File(arguments[0]);
        weave(classes, new ForwardingPlugin());
        weave(classes, new ConstructingPlugin());
    }

    private static void weave(File classes, Plugin plugin) throws IOException {
        Plugin.Engine.Default.of(
                        EntryPoint.Default.REDEFINE,
                        ClassFileVersion.JAVA_V17,
                        MethodNameTransformer.Suffixing.withRandomSuffix())
                .with(ClassFileLocator.ForClassLoader.of(Weaving.class.getClassLoader()))
                .withErrorHandlers(Plugin.Engine.ErrorHandler.Failing.FAIL_FAST)
                .apply(classes, classes, new Plugin.Factory.Simple(plugin));
    }
}
