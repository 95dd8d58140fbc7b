package io.crossfade.jdbc.build;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.reflect.Modifier;
import java.util.stream.IntStream;
import net.bytebuddy.build.Plugin;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.MethodCall;
import net.bytebuddy.utility.JavaConstant;

/**
 * Completes the classes named {@code …Proxy}. Each is written by hand as an abstract class that holds only the methods which
 * do something; every other method of its interfaces, default ones included, becomes
 * {@code return delegate().method(arguments)}. Three sorts get something around that:
 *
 * <ul>
 *   <li>setters of a prepared statement: after the call, {@code recordCall(handle, name, arguments)};
 *   <li>database metadata that gives a result set: {@code return wrap(delegate().method(arguments))};
 *   <li>getters of result sets and their metadata with hidden columns: {@code return
 *       delegate().method(columnIndex(index), …)}, or with {@code columnLabel(label)}.
 * </ul>
 *
 * <p>Running it on what it has woven changes nothing. Immutable.
 */
final class ForwardingPlugin implements Plugin {

    @Override
    public boolean matches(TypeDescription type) {
        return type.getName().startsWith("io.crossfade.jdbc.")
                && type.getSimpleName().endsWith("Proxy");
    }

    @Override
    public DynamicType.Builder<?> apply(
            DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator) {
        DynamicType.Builder<?> woven = builder.modifiers(type.getModifiers() & ~Modifier.ABSTRACT);
        for (MethodGraph.Node node :
                MethodGraph.Compiler.DEFAULT.compile((TypeDefinition) type).listNodes()) {
            MethodDescription method = node.getRepresentative();
            if (method.getDeclaringType().isInterface() && !method.isStatic()) {
                woven = woven.defineMethod(
                                method.getName(), method.getReturnType().asErasure(), Visibility.PUBLIC)
                        .withParameters(method.getParameters().asTypeList().asErasures())
                        .throwing(method.getExceptionTypes().asErasures())
                        .intercept(body(type, method));
            }
        }
        return woven;
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private static Implementation body(TypeDescription type, MethodDescription method) {
        MethodCall forward = MethodCall.invoke(method)
                .onMethodCall(MethodCall.invoke(own(type, "delegate")))
                .withAllArguments();
        if (hidesColumns(type) && takesColumn(method)) {
            boolean isIndex = method.getParameters().get(0).getType().represents(int.class);
            return MethodCall.invoke(method)
                    .onMethodCall(MethodCall.invoke(own(type, "delegate")))
                    .withMethodCall(MethodCall.invoke(own(type, isIndex ? "columnIndex" : "columnLabel"))
                            .withArgument(0))
                    .withArgument(
                            IntStream.range(1, method.getParameters().size()).toArray());
        }
        if (isStatement(type) && isRecorded(method)) {
            return forward.andThen(MethodCall.invoke(own(type, "recordCall"))
                    .with(JavaConstant.MethodHandle.of(method.asDefined()))
                    .with(method.getName())
                    .withArgumentArray());
        }
        if (type.getSimpleName().equals("DatabaseMetaDataProxy")
                && method.getReturnType().asErasure().represents(java.sql.ResultSet.class)) {
            return MethodCall.invoke(own(type, "wrap")).withMethodCall(forward);
        }
        return forward;
    }

    private static boolean hidesColumns(TypeDescription type) {
        return type.getSimpleName().equals("ComparedResultSetProxy")
                || type.getSimpleName().equals("ResultSetMetaDataProxy");
    }

    /** A getter or question about a column, by its index or label. Nothing is written through these. */
    private static boolean takesColumn(MethodDescription method) {
        String name = method.getName();
        if (method.getParameters().isEmpty()
                || !(name.startsWith("get") || name.startsWith("is") || name.equals("findColumn"))) {
            return false;
        }
        TypeDescription.Generic first = method.getParameters().get(0).getType();
        return first.represents(int.class) || first.represents(String.class);
    }

    private static boolean isStatement(TypeDescription type) {
        return type.getSimpleName().equals("PreparedStatementProxy")
                || type.getSimpleName().equals("CallableStatementProxy");
    }

    private static boolean isRecorded(MethodDescription method) {
        return method.getName().startsWith("set")
                || method.getName().equals("registerOutParameter")
                || method.getName().equals("closeOnCompletion");
    }

    /** The method of this name that the type or its nearest superclass declares. */
    private static MethodDescription own(TypeDescription type, String name) {
        TypeDescription declaring = type;
        while (true) {
            var found = declaring.getDeclaredMethods().filter(named(name).and(m -> m != null && !m.isBridge()));
            if (!found.isEmpty()) {
                return found.getOnly();
            }
            var parent = declaring.getSuperClass();
            if (parent == null) {
                throw new IllegalStateException(
                        "cannot weave " + type.getName() + ": it has no method \"" + name + "\"; add it");
            }
            declaring = parent.asErasure();
        }
    }
}
