package io.crossfade.jdbc.flag;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvent;
import dev.openfeature.sdk.Value;
import io.crossfade.flag.FlagAnswer;
import io.crossfade.flag.FlagException;
import io.crossfade.flag.FlagValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The provider that the application has set in its OpenFeature SDK, whichever it is. A provider may ask a server at each
 * evaluation, so it is asked on a thread of our own, and given up after a bound; while it hangs it is not asked again.
 *
 * <p>The only class that knows the SDK, which need not be on the class path. One thread at a time, except {@link #close}.
 */
final class OpenFeatureSource implements FlagSource {

    /** What no flag of ours has: the provider gave back our default. */
    private static final int NO_VALUE = -1;

    private final SourceSettings.OpenFeature settings;
    private final Client client;
    private final EvaluationContext context;
    private @Nullable CompletableFuture<FlagAnswer> asked;
    private volatile @Nullable Consumer<EventDetails> listener;

    OpenFeatureSource(SourceSettings.OpenFeature settings, Asker asker) {
        this.settings = settings;
        this.client = OpenFeatureAPI.getInstance().getClient(settings.domain());
        Map<String, Value> attributes = new HashMap<>();
        asker.attributes().forEach((name, value) -> attributes.put(name, new Value(value)));
        this.context = new ImmutableContext(asker.application(), attributes);
    }

    @Override
    public String name() {
        return "the OpenFeature provider of domain " + settings.domain();
    }

    @Override
    public void onNews(Runnable news) {
        Consumer<EventDetails> told = event -> news.run();
        listener = told;
        client.onProviderReady(told);
        client.onProviderConfigurationChanged(told);
    }

    @Override
    public Optional<FlagAnswer> look(Set<String> openChanges) throws FlagException, InterruptedException {
        CompletableFuture<FlagAnswer> running = asked;
        if (running == null || running.isDone()) {
            running = ask(Set.copyOf(openChanges));
            asked = running;
        }
        try {
            FlagAnswer answer = running.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
            asked = null;
            return Optional.of(answer);
        } catch (TimeoutException e) {
            throw new FlagException("it did not answer within "
                    + settings.timeout().toMillis() + " ms; crossfade.flags.timeoutMillis sets the bound");
        } catch (ExecutionException e) {
            asked = null;
            if (e.getCause() instanceof FlagException known) {
                throw known;
            }
            throw new FlagException("it failed: " + String.valueOf(e.getCause()).replaceFirst(":.*", ""));
        }
    }

    @Override
    public void close() {
        Consumer<EventDetails> told = listener;
        if (told != null) {
            client.removeHandler(ProviderEvent.PROVIDER_READY, told);
            client.removeHandler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, told);
        }
    }

    private CompletableFuture<FlagAnswer> ask(Set<String> changes) {
        CompletableFuture<FlagAnswer> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(evaluate(changes));
                    } catch (FlagException | RuntimeException | LinkageError e) {
                        answer.completeExceptionally(e);
                    }
                },
                "crossfade-flags-openfeature " + settings.domain());
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    private FlagAnswer evaluate(Set<String> changes) throws FlagException {
        if (OpenFeatureAPI.getInstance().getProvider(settings.domain()) instanceof NoOpProvider) {
            throw new FlagException("no provider is set; call OpenFeatureAPI.setProvider before the first connection");
        }
        Map<String, FlagValue> values = new HashMap<>();
        for (String change : changes) {
            FlagValue value = value(settings.prefix() + change);
            if (value != null) {
                values.put(change, value);
            }
        }
        return new FlagAnswer(values);
    }

    /** A number or a truth value; null where the provider knows no such flag. */
    private @Nullable FlagValue value(String key) {
        FlagEvaluationDetails<Integer> number = client.getIntegerDetails(key, NO_VALUE, context);
        if (number.getErrorCode() == ErrorCode.TYPE_MISMATCH) {
            FlagEvaluationDetails<Boolean> truth = client.getBooleanDetails(key, false, context);
            return truth.getErrorCode() == null ? FlagValue.of(truth.getValue()) : failed(truth.getErrorCode());
        }
        if (number.getErrorCode() != null) {
            return failed(number.getErrorCode());
        }
        Integer value = number.getValue();
        return value == null || value == NO_VALUE ? new FlagValue.Unset() : FlagValue.of(value);
    }

    private static @Nullable FlagValue failed(ErrorCode code) {
        return code == ErrorCode.FLAG_NOT_FOUND ? null : new FlagValue.Wrong("the error " + code);
    }
}
