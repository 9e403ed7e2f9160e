package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.cli.picture.HeapMap;
import dev.rszshm.cli.picture.HeapPicture;
import dev.rszshm.cli.picture.TerminalPicture;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm map}: a picture of a heap. */
@Command(
    name = "map",
    description = {
      "Draws a heap, in the terminal or as a picture.",
      "",
      "It shows what of the span the file is, where the file has memory, what each chunk is and how"
          + " full, what has a name, and who is attached. A heap of any length gives a picture of"
          + " the same size.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm map --html heap.html /dev/shm/jobs",
      "%nNO_COLOR=1 in the environment: letters without colours.",
      "%nExit status: 0, or 1 if the heap cannot be read or the picture not written, or 2 for wrong"
          + " arguments"
    })
final class MapCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Option(names = "--svg", paramLabel = "FILE", description = "write it as SVG")
  private Path svg;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "write it as one page that needs nothing else, with numbers under the pointer")
  private Path html;

  @Option(names = "--png", paramLabel = "FILE", description = "write it as PNG")
  private Path png;

  MapCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    HeapMap map;
    try (Heap heap = Opening.forReading(file)) {
      map = look(heap);
    }
    try {
      write(svg, file -> Files.writeString(file, HeapPicture.svg(map)));
      write(html, file -> Files.writeString(file, HeapPicture.html(map)));
      write(
          png,
          file -> {
            System.setProperty("java.awt.headless", "true");
            HeapPicture.png(map, file);
          });
    } catch (NoClassDefFoundError | UnsatisfiedLinkError e) {
      return failed(
          "no-fonts",
          "this Java runtime cannot draw text (" + e.getMessage() + "): use --svg or --html");
    }
    if (json) {
      JsonLine.write(out, json(map));
    } else if (svg == null && html == null && png == null) {
      TerminalPicture.print(map, out, Ansi.AUTO);
    }
    return 0;
  }

  /** Writes a picture. */
  private interface Writer {
    void write(Path file) throws IOException;
  }

  private static void write(@Nullable Path file, Writer writer) {
    if (file != null) {
      try {
        writer.write(file);
      } catch (IOException e) {
        throw CommandException.failed(
            "output", "the picture could not be written: " + FileTrouble.writing(file, e));
      }
    }
  }

  private static HeapMap look(Heap heap) {
    try (Allocator allocator = Allocator.on(heap)) {
      return HeapMap.of(heap, Optional.of(allocator));
    } catch (NotAnAllocatorException e) {
      return HeapMap.of(heap, Optional.empty());
    }
  }

  private static java.util.Map<String, Object> json(HeapMap map) {
    return Json.object(
        "path", map.path(),
        "length", map.length(),
        "span", map.span(),
        "memory", map.memoryBytes(),
        "dataOffset", map.dataOffset(),
        "chunkOffset", map.chunkOffset(),
        "chunksInCell", map.chunksInCell(),
        "largestFree", map.largestFree(),
        "cells", map.cells().stream().map(HeapMap.Cell::json).toList());
  }
}
