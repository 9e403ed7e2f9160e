package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class MapCommandTest {
  @TempDir Path directory;

  private static String map(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "map";
    System.arraycopy(words, 0, all, 1, words.length);
    Command.Result result = Command.run(all);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    return result.out();
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private String svg(Path heap) throws Exception {
    Path file = directory.resolve("map.svg");
    map("--svg", file.toString(), heap.toString());
    return Files.readString(file);
  }

  @Test
  void svgIsWellFormedAndShowsEachRoot() throws Exception {
    Path heap = directory.resolve("a<b>&\"c");
    try (SampleHeap sample = new SampleHeap(heap)) {
      sample.allocator().place("<&\"\u0007\uffff>", 9, 1, 100);
      Document document = parse(svg(heap));
      assertEquals("svg", document.getDocumentElement().getTagName());
      NodeList titles = document.getElementsByTagName("title");
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < titles.getLength(); i++) {
        all.append(titles.item(i).getTextContent()).append('\n');
      }
      assertTrue(all.toString().contains("names, offset 0x"), all.toString());
      assertTrue(all.toString().contains("map of 100 entries"), all.toString());
      assertTrue(all.toString().contains("part of a block of 1048576 B"), all.toString());
    }
  }

  @Test
  void pageLoadsNothingFromOutside() throws Exception {
    Path heap = directory.resolve("heap");
    Path page = directory.resolve("map.html");
    try (SampleHeap sample = new SampleHeap(heap)) {
      assertTrue(sample.heap().isOpen());
      map("--html", page.toString(), heap.toString());
    }
    String html = Files.readString(page);
    String namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    assertTrue(html.contains(namespace));
    String rest = html.replace(namespace, "");
    Pattern outside = Pattern.compile("https?:|src=|href=|url\\(|@import|fetch\\(|XMLHttpRequest");
    assertFalse(outside.matcher(rest).find(), rest);
  }

  @Test
  void pngIsAnImageWithMoreThanOneColour() throws Exception {
    Path heap = directory.resolve("heap");
    Path png = directory.resolve("map.png");
    try (SampleHeap sample = new SampleHeap(heap)) {
      assertTrue(sample.heap().isOpen());
      map("--png", png.toString(), heap.toString());
    }
    BufferedImage image = ImageIO.read(png.toFile());
    assertEquals(2400, image.getWidth());
    assertTrue(image.getRGB(0, 0) != image.getRGB(100, 195), "the bar of the span");
  }

  @Test
  void heapsOfAnyLengthGiveAPictureOfOneSize() throws Exception {
    Path small = directory.resolve("small");
    Path large = directory.resolve("large");
    try (Heap heap = Heap.builder().span(4 << 20).create(small)) {
      Allocator.on(heap).allocate(10);
      assertTrue(parse(svg(small)).getElementsByTagName("rect").getLength() < 200);
    }
    try (Heap heap = Heap.builder().span(64L << 30).create(large)) {
      Allocator allocator = Allocator.on(heap);
      for (int i = 0; i < 3000; i++) {
        allocator.allocate(70_000);
      }
      Document document = parse(svg(large));
      assertTrue(document.getElementsByTagName("rect").getLength() < 4500);
      assertTrue(Integer.parseInt(document.getDocumentElement().getAttribute("height")) < 1000);
      assertTrue(map(large.toString()).lines().count() < 45);
    }
  }

  @Test
  void terminalIsSpokenToInLettersWithoutColoursWhereNobodyLooks() throws Exception {
    Path heap = directory.resolve("heap");
    try (SampleHeap sample = new SampleHeap(heap)) {
      assertTrue(sample.heap().isOpen());
      String text = map(heap.toString());
      assertTrue(text.contains("■■■■■■■■■■■■■■■■"), text);
      assertFalse(text.contains("\033"), text);
    }
  }

  @Test
  void heapsWithoutAnAllocatorHaveAPictureToo() throws Exception {
    Path raw = directory.resolve("raw");
    Path plain = directory.resolve("plain");
    Heap.builder().create(raw).close();
    Heap.builder().plain().create(plain).close();
    String picture = svg(raw);
    assertTrue(picture.contains("No allocator"));
    assertTrue(picture.contains("File: header, content; no allocator"), picture);
    assertTrue(picture.contains("content: offset 0x"), picture);
    assertFalse(picture.contains("chunks") || picture.contains("tables"), picture);
    assertTrue(svg(plain).contains("No allocator"));
    for (Path heap : List.of(raw, plain)) {
      String text = map(heap.toString());
      assertTrue(text.contains(", then content: there is no allocator"), text);
      assertFalse(text.contains("chunks") || text.contains("tables"), text);
    }
    Command.Result result =
        Command.run("map", "--svg", directory.resolve("none/x").toString(), raw.toString());
    assertEquals(1, result.status());
    assertTrue(result.err().contains("could not be written"), result.err());
  }
}
