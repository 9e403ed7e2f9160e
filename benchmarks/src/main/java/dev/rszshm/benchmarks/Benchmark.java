package dev.rszshm.benchmarks;

/** One of the things that are measured. */
interface Benchmark {
  /** The first word of the command. */
  String name();

  /** Measures, and says in Markdown what was found. */
  String run(Options options) throws Exception;
}
