package io.crossfade.cli.alter;

import picocli.CommandLine.Mixin;

/** All flags of {@code crossfade alter}. Set by the command line, then read only. */
public final class AlterOptions {

    @Mixin
    TargetFlags target = new TargetFlags();

    @Mixin
    ModeFlags mode = new ModeFlags();

    @Mixin
    PaceFlags pace = new PaceFlags();

    @Mixin
    ThrottleFlags throttle = new ThrottleFlags();

    @Mixin
    CutOverFlags cutOver = new CutOverFlags();

    @Mixin
    TableFlags tables = new TableFlags();

    @Mixin
    SemanticsFlags semantics = new SemanticsFlags();

    @Mixin
    StateFlags state = new StateFlags();

    @Mixin
    OpsFlags ops = new OpsFlags();

    /** Whether a replica's table is changed, where no application writes. */
    boolean isOnReplica() {
        return mode.migrateOnReplica || mode.testOnReplica;
    }

    public boolean isJson() {
        return ops.json;
    }

    /** Whether what it has done is followed by a word that it is done; how a table stands is an answer by itself. */
    public boolean tellsItsEnd() {
        return !isQuiet() && !state.status && !(state.revert && !target.execute);
    }

    public boolean isQuiet() {
        return ops.quiet;
    }

    /** Whether lesser steps are shown. */
    public boolean isVerbose() {
        return ops.verbose || ops.debug;
    }

    /** Whether errors come with their stack traces. */
    public boolean showsStack() {
        return ops.stack || ops.debug;
    }

    /** Whether the password is to be asked for. */
    public boolean asksPassword() {
        return target.askPass;
    }

    /** Whether the flags are only to be looked up; the parser has done that for all that are given. */
    public boolean checksFlags() {
        return ops.checkFlag != null && !ops.checkFlag.equals("false");
    }

    /** One that is to be looked up besides; empty where none is. */
    public String checkFlag() {
        String name = ops.checkFlag;
        return name == null || name.equals("true") ? "" : name.replaceFirst("^-+", "");
    }
}
