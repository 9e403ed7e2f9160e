package dev.rszshm.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** One JVM at the other end of two pipes, to which numbers go as objects. */
final class PipePool implements AutoCloseable {
  private final Process process;
  private final ObjectOutputStream out;
  private final ObjectInputStream in;

  PipePool() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PoolWork.Pipe.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    out = new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    out.flush();
    in = new ObjectInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  /** Lets it do so many batches; one thread writes, another one reads. */
  CompletableFuture<Void> run(int batches) {
    return CompletableFuture.allOf(
        CompletableFuture.runAsync(() -> write(batches)),
        CompletableFuture.runAsync(() -> read(batches)));
  }

  private void write(int batches) {
    try {
      for (int batch = 0; batch < batches; batch++) {
        for (int i = 0; i < PoolWork.BATCH; i++) {
          out.writeObject(i);
        }
        out.reset();
        out.flush();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(int batches) {
    try {
      for (int batch = 0; batch < batches; batch++) {
        for (int i = 0; i < PoolWork.BATCH; i++) {
          if ((Integer) in.readObject() != i + 1) {
            throw new IllegalStateException("a wrong result");
          }
        }
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
