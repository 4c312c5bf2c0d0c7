package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCompatibilityTest {
    private static final String BASE = """
            {'type':'object','required':['a'],'properties':{'a':{'type':'string','maxLength':10},'n':{'type':'number','minimum':0},
             'e':{'enum':['x','y']},'o':{'type':'object','properties':{'i':{'type':'integer'}}},'l':{'type':'array','items':{'type':'string'}}}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'required':['a'] | 'required':['a','n'] | schema.required has n, which was not required",
                "'type':'number','minimum':0 | 'type':'string' | schema.properties.n.type no longer allows integer, number",
                "'minimum':0 | 'minimum':1 | schema.properties.n.minimum is higher",
                "'maxLength':10 | 'maxLength':9 | schema.properties.a.maxLength is lower",
                "['x','y'] | ['x'] | schema.properties.e.enum no longer has \"y\"",
                "{'type':'integer'} | {'type':'boolean'} | schema.properties.o.properties.i.type no longer allows integer",
                "'items':{'type':'string'} | 'items':{'type':'number'} | schema.properties.l.items.type no longer allows string",
                "'required':['a'] | 'required':['a'],'additionalProperties':false | schema.additionalProperties allows less",
                "'maxLength':10 | 'maxLength':10,'pattern':'x' | schema.properties.a.pattern is new or different",
                "'required':['a'] | 'required':['a'],'allOf':[] | schema.allOf is new or different"
            })
    void tellsInWhatALaterSchemaIsStricter(String from, String to, String problem) {
        assertThat(BASE).contains(from);
        assertThat(problems(BASE, BASE.replace(from, to))).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'required':['a'] | 'required':[]",
                "'type':'string','maxLength':10 | 'type':['string','null'],'maxLength':11",
                "{'type':'integer'} | {'type':'number'}",
                "['x','y'] | ['x','y','z']",
                "'minimum':0 | 'minimum':-1",
                "'e':{'enum':['x','y']}, | 'new':{'type':'string'},'e':{'enum':['x','y']},",
                "'e':{'enum':['x','y']}, | 'f':{},"
            })
    void letsALaterSchemaBeMoreGenerous(String from, String to) {
        assertThat(BASE).contains(from);
        assertThat(problems(BASE, BASE.replace(from, to))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'properties':{'a':{'type':'string'}},'additionalProperties':{'type':'number'}} | {'additionalProperties':{'type':'number'}}"
                        + " | schema.properties.a.type no longer allows string",
                "{'additionalProperties':{'type':'number'}} | {'properties':{'b':{'type':'string'}},'additionalProperties':{'type':'number'}}"
                        + " | schema.properties.b.type no longer allows integer, number",
                "{'properties':{'a':{}},'unevaluatedProperties':false} | {'unevaluatedProperties':false} | schema.properties.a is no longer allowed",
                "{'$ref':'#/$defs/x','$defs':{'x':{}}} | {'$ref':'#/$defs/x','$defs':{'x':{'type':'array'}}}"
                        + " | schema.$defs is different, which a reference may point into",
                "{'contains':{}} | {'contains':{},'minContains':3} | schema.minContains is new or different"
            })
    void looksBehindReferencesAndAtWhatFallsUnderTheRest(String earlier, String later, String problem) {
        assertThat(problems(earlier, later)).containsExactly(problem);
    }

    @Test
    void aPropertyThatIsGoneFromAClosedObjectIsRefused() {
        String closed = "{'additionalProperties':false,'properties':{'a':{},'b':{}}}";
        assertThat(problems(closed, closed.replace(",'b':{}", "")))
                .containsExactly("schema.properties.b is no longer allowed");
    }

    private static List<String> problems(String earlier, String later) {
        return SchemaCompatibility.problems(json(earlier), json(later));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
