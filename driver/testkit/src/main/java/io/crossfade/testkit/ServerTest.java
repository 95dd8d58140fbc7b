package io.crossfade.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method that runs once on each server kind of {@link ServerKind#matrix}. It, and the {@code @BeforeEach} and
 * {@code @AfterEach} methods around it, may take a {@link TestDatabase}, a {@link TestServer} or a {@link ServerKind};
 * the database is the same for all of them, and dropped after the method.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ServerTestExtension.class)
public @interface ServerTest {
    /** The only kinds that this method is for; empty means each of the matrix. */
    ServerKind[] value() default {};
}
