package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.worker.WorkerMain;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;

/** The main class of a worker: does its part of a {@link SharedCount}. The order is a word. */
public class WordCountWorker extends WorkerMain {
  static final String COUNT = "count";

  /** For {@link #main} and for tests. */
  protected WordCountWorker() {}

  /** Works for the parent that started this process. */
  public static void main(String[] words) {
    new WordCountWorker().run(words);
  }

  @Override
  protected final long work(String[] words) {
    String letter = words[0];
    int blockLength = Integer.parseInt(words[2]);
    try (Heap heap = Heap.builder().name("wordcount " + letter).attach(Path.of(words[1]));
        Allocator allocator = Allocator.on(heap)) {
      Corpus corpus = new Corpus(files(allocator), blockLength);
      SharedCount count = new SharedCount(allocator, corpus, step -> before(step, letter));
      awaitOrder();
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
