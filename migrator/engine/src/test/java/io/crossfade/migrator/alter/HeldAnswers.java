package io.crossfade.migrator.alter;

import java.sql.Connection;

/** Holds back the answers to the statements of a kind, which the server has carried out. Safe for many threads. */
final class HeldAnswers implements WatchedSource.Watch {
    private final String table;
    private final String word;
    private boolean isHeld;
    private boolean isOneHeld;

    /**
     * @param table written by an INSERT
     * @param word of the statement
     */
    HeldAnswers(String table, String word) {
        this.table = table;
        this.word = word;
    }

    @Override
    public synchronized void after(Connection session, String sql) {
        if (!sql.startsWith("INSERT") || !sql.contains("`" + table + "`") || !sql.contains(word)) {
            return;
        }
        try {
            while (isHeld) {
                isOneHeld = true;
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on. */
    synchronized void hold() {
        isHeld = true;
    }

    synchronized boolean isOneHeld() {
        return isOneHeld;
    }

    synchronized void release() {
        isHeld = false;
        notifyAll();
    }
}
