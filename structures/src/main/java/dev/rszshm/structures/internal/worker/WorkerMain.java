package dev.rszshm.structures.internal.worker;

import dev.rszshm.structures.worker.WorkerContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The main class of every worker: reads what it is told, and does it. See {@link StartFile}. */
public final class WorkerMain {
  /** The standard input, which can be opened again even though the file has no name any more. */
  private static final String STANDARD_INPUT = "/proc/self/fd/0";

  private WorkerMain() {}

  /** Works. */
  @SuppressWarnings("CatchAndPrintStackTrace") // the starter collects standard error
  public static void main(String[] none) {
    try {
      ArgumentFile.removeOwn();
      InputStream in = System.in;
      StartFile.Content content = StartFile.read(in);
      RandomAccessFile file = new RandomAccessFile(STANDARD_INPUT, "rw");
      System.setIn(InputStream.nullInputStream());
      StarterWatch watch = StarterWatch.start(file, content.starter(), !content.outlives());
      if (content.isMain()) {
        EntryPoint.Main main = EntryPoint.main(content.className());
        watch.awaitSettled();
        StartFile.sayReady(file);
        main.run(content.arguments().toArray(new String[0]));
      } else {
        Context context = new Context(content, file, watch);
        EntryPoint.body(content.className()).run(context);
        context.ready();
      }
    } catch (Throwable failure) {
      Throwable shown =
          failure instanceof InvocationTargetException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      shown.printStackTrace();
      System.exit(1);
    }
  }

  /** What a body is told. */
  private static final class Context implements WorkerContext {
    private final StartFile.Content content;
    private final RandomAccessFile file;
    private final StarterWatch watch;
    private boolean ready;

    Context(StartFile.Content content, RandomAccessFile file, StarterWatch watch) {
      this.content = content;
      this.file = file;
      this.watch = watch;
    }

    @Override
    public List<String> arguments() {
      return content.arguments();
    }

    @Override
    public long starter() {
      return content.starter();
    }

    @Override
    public void awaitBegin() throws InterruptedException {
      try {
        while (!StartFile.mayBegin(file)) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot see whether the starter lets this begin", e);
      }
    }

    @Override
    public synchronized void ready() {
      if (ready) {
        return;
      }
      watch.awaitSettled();
      try {
        StartFile.sayReady(file);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot tell the starter that this is ready", e);
      }
      ready = true;
    }
  }
}
