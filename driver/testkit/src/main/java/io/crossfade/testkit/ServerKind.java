package io.crossfade.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * A server family and line that tests run on. Immutable.
 *
 * <p>{@code -Dcrossfade.test.servers=mysql80,mysql57,mariadb114} gives another matrix. MySQL 5.7 is not in it by default, since
 * the build has ten minutes: what is named for it is run by a command of its own.
 */
public enum ServerKind {
    MYSQL_80("mysql80", "mysql", "8.0.15", true),
    MYSQL_57("mysql57", "mysql57", "5.7.22", false),
    MARIADB_114("mariadb114", "mariadb", "11.4.5", true);

    /** The system property that narrows the matrix: labels, separated by commas. */
    static final String SERVERS_PROPERTY = "crossfade.test.servers";

    private final String label;
    private final String propertyPart;
    private final String embeddedVersion;
    private final boolean inDefaultMatrix;

    ServerKind(String label, String propertyPart, String embeddedVersion, boolean inDefaultMatrix) {
        this.label = label;
        this.propertyPart = propertyPart;
        this.embeddedVersion = embeddedVersion;
        this.inDefaultMatrix = inDefaultMatrix;
    }

    /** The kinds that server tests run on: those of the system property, else MySQL 8.0 and MariaDB 11.4. */
    public static List<ServerKind> matrix() {
        String selected = System.getProperty(SERVERS_PROPERTY, "");
        List<ServerKind> kinds = new ArrayList<>();
        for (String word : selected.split(",")) {
            if (!word.isBlank()) {
                kinds.add(byLabel(word.strip()));
            }
        }
        if (kinds.isEmpty()) {
            for (ServerKind kind : values()) {
                if (kind.inDefaultMatrix) {
                    kinds.add(kind);
                }
            }
        }
        return List.copyOf(kinds);
    }

    /** The short name, as in the matrix property and in display names: {@code mysql80}. */
    public String label() {
        return label;
    }

    public boolean isMariaDb() {
        return this == MARIADB_114;
    }

    /** The version of the embedded server. A container's or an external server's may differ. */
    String embeddedVersion() {
        return embeddedVersion;
    }

    /** The name of the system property that names a running server: {@code crossfade.test.mysql.url}. */
    String urlProperty() {
        return "crossfade.test." + propertyPart + ".url";
    }

    /** The name of the system property that names a container image: {@code crossfade.test.mysql.image}. */
    String imageProperty() {
        return "crossfade.test." + propertyPart + ".image";
    }

    String defaultImage() {
        return switch (this) {
            case MYSQL_80 -> "mysql:8.0";
            case MYSQL_57 -> "mysql:5.7";
            case MARIADB_114 -> "mariadb:11.4";
        };
    }

    private static ServerKind byLabel(String label) {
        for (ServerKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("cannot read " + SERVERS_PROPERTY + ": \"" + label
                + "\" is no server; use some of mysql80, mysql57, mariadb114, separated by commas");
    }
}
