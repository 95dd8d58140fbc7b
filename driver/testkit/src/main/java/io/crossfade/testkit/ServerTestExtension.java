package io.crossfade.testkit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a {@link ServerTest} method on each server kind. Immutable. */
final class ServerTestExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), ServerTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        List<ServerKind> kinds = new ArrayList<>(ServerKind.matrix());
        AnnotationSupport.findAnnotation(context.getTestMethod(), ServerTest.class)
                .map(test -> List.of(test.value()))
                .filter(only -> !only.isEmpty())
                .ifPresent(kinds::retainAll);
        return kinds.stream().map(OnServer::new);
    }

    /** A method that is for other kinds than those of a narrowed matrix has nothing to run. */
    @Override
    public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    private record OnServer(ServerKind kind) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return "[" + kind.label() + "]";
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Parameters(kind));
        }
    }

    /** The parameters of one invocation. JUnit closes the database with the store that holds it. */
    private record Parameters(ServerKind kind) implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(ServerTestExtension.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == TestDatabase.class || type == TestServer.class || type == ServerKind.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            if (type == ServerKind.class) {
                return kind;
            }
            if (type == TestServer.class) {
                return TestServers.get(kind);
            }
            return context.getStore(NAMESPACE).getOrComputeIfAbsent(TestDatabase.class, key -> create());
        }

        private TestDatabase create() {
            try {
                return TestDatabase.create(TestServers.get(kind));
            } catch (SQLException e) {
                throw new ParameterResolutionException("cannot create a database on " + kind.label(), e);
            }
        }
    }
}
