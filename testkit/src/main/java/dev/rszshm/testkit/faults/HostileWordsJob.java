package dev.rszshm.testkit.faults;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The rounds of {@link HostileWords}, in a JVM that may not survive them. */
public final class HostileWordsJob implements WorkerJob {
  static final String ROUND = "round ";
  static final String FINDING = "found ";
  static final String HANG = "hangs ";
  static final String DONE = "done";

  /** What the code throws by mistake, rather than because of what it found. */
  private static final Set<Class<?>> MISTAKES =
      Set.of(
          NullPointerException.class,
          ClassCastException.class,
          ArithmeticException.class,
          NegativeArraySizeException.class,
          ArrayIndexOutOfBoundsException.class,
          StringIndexOutOfBoundsException.class,
          ArrayStoreException.class);

  private static final int FRAMES = 12;

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "operations");
            thread.setDaemon(true);
            operating = thread;
            return thread;
          });

  /** Made with the first operation. */
  private volatile @Nullable Thread operating;

  /** Made by {@link HostileWords}. */
  public HostileWordsJob() {}

  @Override
  public void run(WorkerContext worker) throws Exception {
    HostileWords.Trial trial =
        Class.forName(worker.argument(1))
            .asSubclass(HostileWords.Trial.class)
            .getConstructor()
            .newInstance();
    final long seed = Long.parseLong(worker.argument(2));
    final int first = Integer.parseInt(worker.argument(3));
    final int rounds = Integer.parseInt(worker.argument(4));
    final long limit = Long.parseLong(worker.argument(5));
    Heap heap = trial.builder().create(Path.of(worker.argument(0)));
    trial.prepare(heap);
    long from = trial.from(heap);
    long[] words = new long[Math.toIntExact((trial.to(heap) - from) / Long.BYTES)];
    heap.getArray(from, words, 0, words.length);
    Map<String, HostileWords.Operation> operations = new TreeMap<>(trial.operations());
    for (int round = first; round < rounds; round++) {
      heap.putArray(from, words, 0, words.length);
      HostileWord word = HostileWord.of(seed, round, from, words, heap.span());
      heap.putLong(word.offset(), word.value());
      worker.say(ROUND + round + " with " + word);
      for (Map.Entry<String, HostileWords.Operation> operation : operations.entrySet()) {
        Future<Optional<Throwable>> end =
            executor.submit(() -> outcome(operation.getValue(), heap));
        try {
          end.get(limit, TimeUnit.MILLISECONDS)
              .ifPresent(
                  thrown -> worker.say(FINDING + operation.getKey() + ": " + describe(thrown)));
        } catch (TimeoutException e) {
          worker.say(HANG + "in " + operation.getKey() + whereItIs());
          Runtime.getRuntime().halt(3);
        }
      }
    }
    worker.say(DONE);
  }

  private String whereItIs() {
    Thread thread = operating;
    return thread == null ? "" : place(thread.getStackTrace());
  }

  /** What an operation has thrown, if that is wrong. */
  private static Optional<Throwable> outcome(HostileWords.Operation operation, Heap heap) {
    try {
      operation.run(heap);
      return Optional.empty();
    } catch (Throwable e) {
      return e instanceof Error || MISTAKES.contains(e.getClass())
          ? Optional.of(e)
          : Optional.empty();
    }
  }

  private static String describe(Throwable e) {
    return String.valueOf(e).replaceAll("\\s+", " ") + place(e.getStackTrace());
  }

  private static String place(StackTraceElement[] frames) {
    StringBuilder text = new StringBuilder(" at");
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      text.append(' ').append(frames[i].getFileName()).append(':');
      text.append(frames[i].getLineNumber());
    }
    return text.toString();
  }
}
