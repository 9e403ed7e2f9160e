package dev.rszshm.cli.fill;

import dev.rszshm.cli.worker.Progress;
import dev.rszshm.heap.Heap;
import java.nio.file.Path;

/** Tells the user how a fill goes. */
public interface FillReport {
  /** The heap is there, the workers are not yet. */
  void begun(Path path, long address);

  /** The workers are at work until the progress is closed. */
  Progress progress(Heap heap, long total);

  /** The workers have ended and the bytes have been verified. */
  void finished(FillResult result);

  /** The fill was broken off. */
  void failed(String kind, String message);
}
