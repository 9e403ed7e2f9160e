package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Random schedules, shared out among threads. With one, those of a seed are the same each time. */
final class RandomRuns {
  private final long seed;
  private final long schedules;
  private final Sampling sampling;
  private final Bounds bounds;
  private final int threads;
  private final ProgressWatch progress;
  private final Sometimes sometimes = new Sometimes();
  private final AtomicBoolean failed = new AtomicBoolean();

  RandomRuns(
      long seed,
      long schedules,
      Sampling sampling,
      Bounds bounds,
      int threads,
      ProgressWatch progress) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    this.seed = seed;
    this.schedules = schedules;
    this.sampling = sampling;
    this.bounds = bounds;
    this.threads = threads;
    this.progress = progress;
  }

  /** Runs all; each thread makes its own world. */
  Exploration run(Function<Sometimes, Runs> maker) {
    final long start = System.nanoTime();
    long accesses = threads == 1 ? share(maker, 0) : inThreads(maker);
    sometimes.require(schedules);
    long nanos = System.nanoTime() - start;
    return new Exploration(schedules, accesses, 0, bounds, false, false, nanos);
  }

  private long inThreads(Function<Sometimes, Runs> maker) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> shares = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = i;
        shares.add(executor.submit(() -> share(maker, first)));
      }
      long accesses = 0;
      Throwable failure = null;
      for (Future<Long> share : shares) {
        try {
          accesses += share.get();
        } catch (ExecutionException e) {
          failure = failure == null ? e.getCause() : failure;
        }
      }
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      return accesses;
    } catch (InterruptedException e) {
      failed.set(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while schedules were run", e);
    } finally {
      executor.shutdown();
    }
  }

  /** Runs every so many schedule of the seed; returns the accesses of its runs. */
  private long share(Function<Sometimes, Runs> maker, int first) {
    try (Runs runs = maker.apply(sometimes)) {
      SplittableRandom seeds = new SplittableRandom(seed);
      int length = length(runs);
      for (long i = 0; i < schedules && !failed.get(); i++) {
        long next = seeds.nextLong();
        if (i > 0 && i % threads == first) {
          Strategy strategy = new RandomStrategy(next, bounds, length, sampling);
          Execution run = runs.requireSuccess(runs.run(strategy), ", found with the seed " + seed);
          length = Math.max(length, run.steps());
          progress.ran(run.steps(), 0, bounds.preemptions(), run.moves());
        }
      }
      return runs.accesses();
    } catch (RuntimeException | Error e) {
      failed.set(true);
      throw e;
    }
  }

  /** Runs the ordinary schedule, which shows how long a run is. */
  private int length(Runs runs) {
    return runs.requireSuccess(runs.run(moves -> 0), ", found with the seed " + seed).steps();
  }
}
