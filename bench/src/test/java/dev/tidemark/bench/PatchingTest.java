package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatchingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode apply(String document, String patch) throws Exception {
        return Patching.apply(JSON.readTree(document), JSON.readTree(patch));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1} | [{'op':'replace','path':'/a','value':2}] | {'a':2}",
                "{'a':1} | [{'op':'add','path':'/b','value':null}] | {'a':1,'b':null}",
                "{'a':1,'b':2} | [{'op':'remove','path':'/a'}] | {'b':2}",
                "{'a':[1,2]} | [{'op':'add','path':'/a/1','value':9},{'op':'add','path':'/a/-','value':3}] | {'a':[1,9,2,3]}",
                "{'a':[1,2]} | [{'op':'remove','path':'/a/0'},{'op':'replace','path':'/a/0','value':7}] | {'a':[7]}",
                "{'x/y':{'~':1}} | [{'op':'replace','path':'/x~1y/~0','value':2}] | {'x/y':{'~':2}}",
                "{'a':1} | [{'op':'replace','path':'','value':[]}] | []"
            })
    void appliesEveryOperation(String document, String patch, String result) throws Exception {
        assertThat(apply(document.replace('\'', '"'), patch.replace('\'', '"')))
                .isEqualTo(JSON.readTree(result.replace('\'', '"')));
    }

    @Test
    void refusesWhatDoesNotFit() {
        for (String operation : new String[] {
            "{'op':'replace','path':'/b','value':1}",
            "{'op':'remove','path':'/b'}",
            "{'op':'replace','path':'/a/2','value':1}",
            "{'op':'remove','path':'/a/2'}",
            "{'op':'add','path':'/a/3','value':1}",
            "{'op':'add','path':'/a/x','value':1}",
            "{'op':'replace','path':'/c/d','value':1}",
            "{'op':'replace','path':'/a/0'}",
            "{'op':'move','path':'/a/0','from':'/a/1','value':1}"
        }) {
            assertThatThrownBy(() -> apply("{\"a\":[1,2]}", ("[" + operation + "]").replace('\'', '"')))
                    .as(operation)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
