package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.worker.Letters;
import dev.rszshm.structures.pool.WorkerDeath;
import dev.rszshm.structures.pool.WorkerListener;
import dev.rszshm.structures.pool.WorkerStart;
import dev.rszshm.structures.pool.WorkerStartFailure;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.WorkerLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Hears which workers there were, and how those have died that did. Any thread may use it. */
final class WordCountWorkers implements WorkerListener {
  private static final String LETTERS = Letters.first(Letters.COUNT);

  private final Map<Integer, CountingWorker> workers = new ConcurrentHashMap<>();

  /** Those that were ready once, by their process ids. */
  private final Map<Long, Integer> numbers = new ConcurrentHashMap<>();

  /** Returns the number of a worker, from 1: its name is that of the pool and this. */
  private static int number(String worker) {
    return Integer.parseInt(worker.substring(worker.lastIndexOf('-') + 1));
  }

  /** Returns what a worker is called, given its name in the pool. */
  static String letter(String worker) {
    int number = number(worker);
    return number <= LETTERS.length()
        ? LETTERS.substring(number - 1, number)
        : Integer.toString(number);
  }

  @Override
  public void started(WorkerStart start) {
    note(start.worker(), start.pid(), Optional.empty());
    numbers.put(start.pid(), number(start.worker()));
  }

  @Override
  public void died(WorkerDeath death) {
    note(death.worker(), death.pid(), Optional.of(describe(death.exit())));
  }

  @Override
  public void failedToStart(WorkerStartFailure failure) {
    failure
        .exit()
        .ifPresent(exit -> note(failure.worker(), exit.pid(), Optional.of(exit.describe())));
  }

  private static String describe(Optional<WorkerExit> exit) {
    return exit.map(WorkerExit::describe).orElse("how is not known");
  }

  private void note(String worker, long pid, Optional<String> death) {
    workers.put(number(worker), new CountingWorker(letter(worker), pid, 0, death));
  }

  /** What a worker writes before it is ready comes with an exception. */
  void take(WorkerLine line) {
    if (line.source() == WorkerLine.Source.ERROR && numbers.containsKey(line.pid())) {
      System.err.println(line.text());
    }
  }

  /** Ends all that run, at once. */
  void kill() {
    for (long pid : numbers.keySet()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Returns all workers, in the order of their starts, with the bytes that each has counted. */
  List<CountingWorker> all(Map<Long, Long> bytesByProcess) {
    List<CountingWorker> all = new ArrayList<>();
    workers.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .map(Map.Entry::getValue)
        .forEach(
            worker ->
                all.add(
                    new CountingWorker(
                        worker.name(),
                        worker.pid(),
                        bytesByProcess.getOrDefault(worker.pid(), 0L),
                        worker.death())));
    return all;
  }
}
