package io.crossfade.jdbc.build;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import net.bytebuddy.build.Plugin;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.MethodCall;

/**
 * Gives the methods of {@code Proxies} their bodies, {@code return new SomeProxy(arguments)}: after {@link ForwardingPlugin} those
 * classes are no longer abstract. Immutable.
 */
final class ConstructingPlugin implements Plugin {

    @Override
    public boolean matches(TypeDescription type) {
        return type.getName().equals("io.crossfade.jdbc.Proxies");
    }

    @Override
    public DynamicType.Builder<?> apply(
            DynamicType.Builder<?> builder, TypeDescription factory, ClassFileLocator locator) {
        DynamicType.Builder<?> woven = builder;
        for (MethodDescription.InDefinedShape make : factory.getDeclaredMethods()) {
            TypeDescription made = make.getReturnType().asErasure();
            if (make.isStatic() && made.getSimpleName().endsWith("Proxy")) {
                MethodDescription constructor =
                        made.getDeclaredMethods().filter(isConstructor()).getOnly();
                woven = woven.method(named(make.getName()))
                        .intercept(MethodCall.construct(constructor).withAllArguments());
            }
        }
        return woven;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
