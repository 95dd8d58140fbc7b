package io.crossfade.cli.alter;

/** A server's address. Immutable. */
record Address(String host, int port) {
    private static final int PORT = 3306;

    /** Reads {@code host}, {@code host:port} or {@code [::1]:port}. */
    static Address of(String text) {
        String stripped = text.strip();
        int colon = stripped.lastIndexOf(':');
        boolean hasPort = colon > 0
                && stripped.substring(colon + 1).matches("[0-9]{1,5}")
                && (stripped.indexOf(':') == colon || stripped.startsWith("["));
        String host = hasPort ? stripped.substring(0, colon) : stripped;
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" is no address; write it as host:3306");
        }
        return new Address(bare, hasPort ? Integer.parseInt(stripped.substring(colon + 1)) : PORT);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
