package dev.rszshm.testkit.faults;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.testkit.process.WorkerError;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Puts any word in place of any other of a structure, and then uses it: memory that somebody else
 * has overwritten must not crash the JVM, keep a thread busy or asleep for ever, or end in an error
 * that says nothing.
 *
 * <pre>{@code
 * public static final class Trial implements HostileWords.Trial {
 *   @Override
 *   public void prepare(Heap heap) {
 *     …make the structure, and something in it…
 *   }
 *
 *   @Override
 *   public Map<String, Operation> operations() {
 *     return Map.of("append", heap -> new SharedLog(heap, heap.dataOffset()).append(1));
 *   }
 * }
 *
 * HostileWords.of(Trial.class).rounds(1000).run();
 * }</pre>
 *
 * <p>It happens in a JVM of its own, which may crash. In each round the heap is as prepared but for
 * one word, and all operations follow one another. An operation may do anything to the data, and
 * may throw an exception that says what is wrong; these are findings:
 *
 * <ul>
 *   <li>a crash of the JVM;
 *   <li>an operation that does not end within the limit;
 *   <li>an {@link Error}, and what a mistake of the code itself throws, such as a {@link
 *       NullPointerException} or an {@link ArithmeticException}.
 * </ul>
 *
 * <p>Immutable: each setting gives another one.
 */
public final class HostileWords {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int SHOWN = 20;

  /** One thing to do with the structure. */
  public interface Operation {
    /** Does it; waits for nobody longer than it would with sound data. */
    void run(Heap heap) throws Exception;
  }

  /** What is tried. A public class with a public constructor without parameters. */
  public interface Trial {
    /** How the heap is made: small, and of a length that the preparation does not change. */
    default HeapBuilder builder() {
      return Heap.builder().span(1 << 20).length(64 << 10).participants(8);
    }

    /** Makes the structure on a fresh heap. */
    void prepare(Heap heap) throws Exception;

    /** Where the first word is that may change. */
    default long from(Heap heap) {
      return heap.dataOffset();
    }

    /** Where the words end that may change. */
    default long to(Heap heap) {
      return heap.length();
    }

    /** What is done after a word was changed, by name. Operations with sound data do not fail. */
    Map<String, Operation> operations();
  }

  private final Class<? extends Trial> trial;
  private final WorkerJvm jvm;
  private final int rounds;
  private final long seed;
  private final Duration limit;

  private HostileWords(
      Class<? extends Trial> trial, WorkerJvm jvm, int rounds, long seed, Duration limit) {
    this.trial = trial;
    this.jvm = jvm;
    this.rounds = rounds;
    this.seed = seed;
    this.limit = limit;
  }

  /** A thousand rounds with a structure. */
  public static HostileWords of(Class<? extends Trial> trial) {
    return new HostileWords(trial, WorkerJvm.of(HostileWordsJob.class), 1000, 1, LIMIT);
  }

  /** Another number of rounds. */
  public HostileWords rounds(int number) {
    return new HostileWords(trial, jvm, number, seed, limit);
  }

  /** Another seed: the same gives the same words. */
  public HostileWords seed(long other) {
    return new HostileWords(trial, jvm, rounds, other, limit);
  }

  /** How long an operation may take; a minute by default. */
  public HostileWords limit(Duration time) {
    return new HostileWords(trial, jvm, rounds, seed, time);
  }

  /** More flags for the JVM. */
  public HostileWords with(String... flags) {
    return new HostileWords(trial, jvm.with(flags), rounds, seed, limit);
  }

  /**
   * Runs all rounds.
   *
   * @throws AssertionError with what was found, and the rounds in which it was
   */
  public void run() {
    List<String> findings = findings();
    if (!findings.isEmpty()) {
      throw new AssertionError(
          findings.size()
              + " findings with the seed "
              + seed
              + (findings.size() < SHOWN ? "" : ", and perhaps more")
              + ":\n  "
              + String.join("\n  ", findings));
    }
  }

  /** Runs all rounds, or until twenty things were found, and returns these. */
  public List<String> findings() {
    List<String> findings = new ArrayList<>();
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int round = 0;
      for (int worker = 0; round < rounds && findings.size() < SHOWN; worker++) {
        round = work(directory.path().resolve("heap" + worker), round, findings);
      }
    }
    return findings;
  }

  /** Lets a worker do rounds up to the end of all, or of its JVM; returns the next round. */
  private int work(Path path, int first, List<String> findings) {
    String last = HostileWordsJob.ROUND + first + " (before its first)";
    try (WorkerProcess worker =
        jvm.start(path, trial.getName(), seed, first, rounds, limit.toMillis())) {
      while (true) {
        String line;
        try {
          line = worker.next();
        } catch (WorkerError ended) {
          findings.add(last + ": the JVM has ended: " + cause(String.valueOf(ended.getMessage())));
          return number(last) + 1;
        }
        if (line.equals(HostileWordsJob.DONE)) {
          return rounds;
        }
        if (line.startsWith(HostileWordsJob.ROUND)) {
          last = line;
        } else if (line.startsWith(HostileWordsJob.HANG)) {
          findings.add(last + ": " + line);
          return number(last) + 1;
        } else if (line.startsWith(HostileWordsJob.FINDING)) {
          findings.add(last + ": " + line.substring(HostileWordsJob.FINDING.length()));
          if (findings.size() >= SHOWN) {
            return number(last) + 1;
          }
        }
      }
    }
  }

  /** What a JVM says when it crashes, if it has; else all there is. */
  private static String cause(String text) {
    String crash =
        text.lines()
            .filter(line -> line.matches("#\\s+(SIG|Internal Error|[VvJjC] ).*"))
            .map(line -> line.substring(1).trim())
            .collect(Collectors.joining(", "));
    return crash.isEmpty() ? text : crash;
  }

  private static int number(String round) {
    String digits = round.substring(HostileWordsJob.ROUND.length());
    return Integer.parseInt(digits.substring(0, digits.indexOf(' ')));
  }
}
