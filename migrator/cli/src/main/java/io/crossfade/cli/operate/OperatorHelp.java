package io.crossfade.cli.operate;

/** What may be said to a run. Immutable. */
final class OperatorHelp {
    static final String TEXT =
            """
            available commands:
            help                                # this message
            status                              # the settings and the status line
            sup                                 # the status line alone
            coordinates                         # where the change log is being read
            applier                             # the server that is written
            inspector                           # the server that was named
            cpu-profile                         # how to get one
            chunk-size=<rows>                   # rows of the next chunk, 10 to 100000; later ones follow the time
            dml-batch-size=<rows>               # row changes applied in one transaction, 1 to 1000
            nice-ratio=<ratio>                  # rest after a chunk, as a multiple of its time, 0 to 100
            max-lag-millis=<millis>             # hold back above this lag
            max-commit-latency-millis=<millis>  # hold back while a commit of the run takes longer; 0: whatever it takes
            max-statement-millis=<millis>       # hold back while more than 1 % of the drivers' statements take longer; 0: no limit
            max-load=<limits>                   # hold back when these are reached: Threads_running=25
            critical-load=<limits>              # end when these are reached
            throttle-query=<sql>                # hold back while it gives more than 0
            throttle-http=<url>                 # hold back while it does not answer 200
            throttle-control-replicas=<hosts>   # replicas whose lag counts: host1:3306,host2:3306
            throttle                            # hold back
            no-throttle                         # go on, where nothing else holds back
            postpone-cut-over-flag-file=<file>  # make this file; the cut-over is put off while it is there
            unpostpone                          # cut over now; also: cut-over
            skip-checksum                       # on the way back: swap without comparing the rest
            panic                               # end at once, without cleaning up
            - name=? reads a value""";

    private OperatorHelp() {}
}
