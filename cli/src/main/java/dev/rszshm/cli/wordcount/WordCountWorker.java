package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.worker.CommandWorker;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;

/** A worker: does its part of a {@link SharedCount}. The order is a word. */
public class WordCountWorker extends CommandWorker {
  static final String COUNT = "count";

  /** For the process that is started, and for tests. */
  protected WordCountWorker() {}

  @Override
  protected final long work(String[] words) throws InterruptedException {
    String letter = words[0];
    int blockLength = Integer.parseInt(words[2]);
    try (Heap heap = Heap.builder().name("wordcount " + letter).attach(Path.of(words[1]));
        Allocator allocator = Allocator.on(heap)) {
      Corpus corpus = new Corpus(files(allocator), blockLength);
      SharedCount count = new SharedCount(allocator, corpus, step -> before(step, letter));
      String unused = awaitBegin();
      return count.count();
    }
  }

  /** The list of files in a heap. */
  static SharedList<CorpusFile> files(Allocator allocator) {
    return SharedList.named(
        allocator, CountLayout.FILES, Codecs.records(CorpusFile.class, MethodHandles.lookup()));
  }

  /** Lets a test stand before each step. */
  void before(SharedCount.Step step, String letter) {}
}
