package dev.rszshm.cli.wordcount;

import dev.rszshm.structures.counters.CounterMap.Count;
import java.util.List;

/**
 * What came of a count.
 *
 * @param bytes bytes of all files
 * @param workers how each worker ended, and how many bytes it has counted
 * @param words number of words
 * @param distinct number of different words
 * @param top the most frequent words
 * @param startSeconds time from the first start of a worker until all were ready
 * @param seconds time from then until the result was there, and the workers had ended
 */
record WordCountResult(
    long bytes,
    List<CountingWorker> workers,
    long words,
    long distinct,
    List<Count<String>> top,
    double startSeconds,
    double seconds) {}
