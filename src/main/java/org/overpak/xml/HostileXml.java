package org.overpak.xml;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLResolver;

/// Makes readers of XML that may have been written to harm: document types are passed over, nothing
/// outside the document is read, and depth, attributes and text are bounded. Entities that a
/// document declares are unknown; that they occur is for the reader to refuse.
public final class HostileXml {
  /// Most characters of an attribute, where nothing else is said.
  private static final int LONGEST_ATTRIBUTE = 1 << 16;

  private static final int MOST_ENTITIES = 1000;
  private static final int DEEPEST_ENTITY = 8;

  private HostileXml() {}

  /// @param deepest most elements inside each other
  /// @param longestText most characters between two tags
  /// @param attributes most of one element
  public static XMLInputFactory factory(int deepest, int longestText, int attributes) {
    return factory(deepest, longestText, attributes, LONGEST_ATTRIBUTE);
  }

  /// @param longestAttribute most characters of one
  public static XMLInputFactory factory(
      int deepest, int longestText, int attributes, int longestAttribute) {
    var factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, deepest);
    factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, longestText);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, attributes);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, longestAttribute);
    return factory;
  }

  /// As [#factory], but entities that a document declares within itself are replaced, a thousand
  /// times at most: programs that draw name their namespaces so. Who reads bounds time and memory,
  /// since each may be long.
  public static XMLInputFactory withEntities(
      int deepest, int longestText, int attributes, int longestAttribute) {
    XMLInputFactory factory = factory(deepest, longestText, attributes, longestAttribute);
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, true);
    factory.setProperty(WstxInputProperties.P_MAX_ENTITY_COUNT, MOST_ENTITIES);
    factory.setProperty(WstxInputProperties.P_MAX_ENTITY_DEPTH, DEEPEST_ENTITY);
    XMLResolver nothing = (_, _, _, _) -> InputStream.nullInputStream();
    factory.setProperty(WstxInputProperties.P_DTD_RESOLVER, nothing);
    factory.setProperty(WstxInputProperties.P_ENTITY_RESOLVER, nothing);
    return factory;
  }
}
