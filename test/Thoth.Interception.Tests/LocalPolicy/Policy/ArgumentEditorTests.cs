using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

public sealed class ArgumentEditorTests
{
    [TestCase("""{ "remove": "args.a" }""", """{"a":1,"b":2}""", """{"b":2}""")]
    [TestCase("""{ "remove": ["args.a", "args.b.c"] }""", """{"a":1,"b":{"c":1,"d":2}}""", """{"b":{"d":2}}""")]
    [TestCase("""{ "remove": "args.l[1]" }""", """{"l":[1,2,3]}""", """{"l":[1,3]}""")]
    [TestCase("""{ "remove": "args.l[9]" }""", """{"l":[1,2,3]}""", """{"l":[1,2,3]}""")]
    [TestCase("""{ "remove": "args.l[*]" }""", """{"l":[1,2,3]}""", """{"l":[]}""")]
    [TestCase("""{ "remove": "args.l[*].a" }""", """{"l":[{"a":1},{"b":2},null]}""", """{"l":[{},{"b":2},null]}""")]
    [TestCase("""{ "remove": "args.o[*]" }""", """{"o":{"a":1,"b":2}}""", """{"o":{}}""")]
    [TestCase("""{ "remove": "args['odd.name']" }""", """{"odd.name":1,"b":2}""", """{"b":2}""")]
    [TestCase("""{ "remove": "args.x.y" }""", """{"b":2}""", """{"b":2}""")]
    [TestCase("""{ "remove": "args.x.y" }""", """{"x":null}""", """{"x":null}""")]
    [TestCase("""{ "remove_values": { "args.c": ["ssn", "email"] } }""", """{"c":["name","ssn","email","ssn"]}""", """{"c":["name"]}""")]
    [TestCase("""{ "remove_values": { "args.c": "ssn" } }""", """{"c":["SSN",null]}""", """{"c":["SSN",null]}""")]
    [TestCase("""{ "remove_values": { "args.c": [1] } }""", """{"c":[1.0,2]}""", """{"c":[2]}""")]
    [TestCase("""{ "remove_values": { "args.c": "ssn" } }""", """{"c":null}""", """{"c":null}""")]
    [TestCase("""{ "remove_values": { "args.t[*].c": "ssn" } }""", """{"t":[{"c":["ssn"]},{"c":["a"]}]}""", """{"t":[{"c":[]},{"c":["a"]}]}""")]
    [TestCase("""{ "keep_values": { "args.c": ["name", "city"] } }""", """{"c":["name","ssn","SSN",5,null,{"a":1},"city"]}""", """{"c":["name","city"]}""")]
    [TestCase("""{ "keep_values": { "args.c": ["name"] } }""", """{"d":1}""", """{"d":1}""")]
    [TestCase("""{ "replace": { "args.a": "***" } }""", """{"a":"secret"}""", """{"a":"***"}""")]
    [TestCase("""{ "replace": { "args.a": "***" } }""", """{"a":null,"b":1}""", """{"a":null,"b":1}""")]
    [TestCase("""{ "replace": { "args.a": "***" } }""", """{"b":1}""", """{"b":1}""")]
    [TestCase("""{ "replace": { "args.l[*].a": 0 } }""", """{"l":[{"a":1},{"b":1}]}""", """{"l":[{"a":0},{"b":1}]}""")]
    [TestCase("""{ "replace": { "args.l[*]": 0 } }""", """{"l":[1,null]}""", """{"l":[0,null]}""")]
    [TestCase("""{ "set": { "args.a": { "b": [1] } } }""", """{"a":1}""", """{"a":{"b":[1]}}""")]
    [TestCase("""{ "set": { "args.a": null } }""", """{"a":1}""", """{"a":null}""")]
    [TestCase("""{ "set": { "args.a.b.c": 1 } }""", """{}""", """{"a":{"b":{"c":1}}}""")]
    [TestCase("""{ "set": { "args.a.b": 1 } }""", """{"a":null}""", """{"a":{"b":1}}""")]
    [TestCase("""{ "set": { "args.l[0]": 9 } }""", """{"l":[1,2]}""", """{"l":[9,2]}""")]
    [TestCase("""{ "set": { "args.l[*].a": [7] } }""", """{"l":[{},{"a":1}]}""", """{"l":[{"a":[7]},{"a":[7]}]}""")]
    [TestCase("""{ "set": { "args.a": 1 }, "remove": "args.a" }""", """{"a":5}""", """{"a":1}""", Description = "set is applied last")]
    [TestCase("""{ "remove": "args.a" }""", """{"a":1,"t":"größe <b>","n":0.10}""", """{"t":"größe <b>","n":0.10}""", Description = "other arguments keep their notation")]
    public void Apply_Edit_CreatesTheCompleteArguments(string modify, string arguments, string expected)
    {
        var decision = PolicyCalls.Decide(Policy(modify), PolicyCalls.Call(arguments: arguments));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Modify));
            Assert.That(decision.ModifiedToolArgs?.GetRawText(), Is.EqualTo(expected));
        }
    }

    [TestCase("""{ "remove": "args.a.b" }""", """{"a":"text"}""")]
    [TestCase("""{ "remove": "args.a.b" }""", """{"a":[{"b":1}]}""")]
    [TestCase("""{ "remove": "args.a[*].b" }""", """{"a":["text"]}""")]
    [TestCase("""{ "remove": "args.a[0]" }""", """{"a":{"b":1}}""")]
    [TestCase("""{ "remove_values": { "args.a": "ssn" } }""", """{"a":"name,ssn"}""")]
    [TestCase("""{ "remove_values": { "args.a": "ssn" } }""", """{"a":[{"column":"ssn"}]}""")]
    [TestCase("""{ "remove_values": { "args.a": "ssn" } }""", """{"a":[5]}""")]
    [TestCase("""{ "keep_values": { "args.a": "name" } }""", """{"a":"name"}""")]
    [TestCase("""{ "replace": { "args.a.b": 1 } }""", """{"a":5}""")]
    [TestCase("""{ "set": { "args.a.b": 1 } }""", """{"a":5}""")]
    [TestCase("""{ "set": { "args.a[3]": 1 } }""", """{"a":[1]}""")]
    public void Apply_EditThatDoesNotFit_Blocks(string modify, string arguments)
    {
        var decision = PolicyCalls.Decide(Policy(modify), PolicyCalls.Call(arguments: arguments));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.ModifyNotApplicable));
            Assert.That(decision.ModifiedToolArgs, Is.Null);
        }
    }

    [Test]
    public void Apply_SeveralRules_AppliesAllInFileOrder()
    {
        var policy = PolicyCalls.Policy(
            """{ "id": "one", "tools": "*", "decision": "modify", "modify": { "set": { "args.a": 1, "args.b": 1 } }, "reason": "first" }""",
            """{ "id": "all", "tools": "*", "decision": "allow" }""",
            """{ "id": "two", "tools": "*", "decision": "modify", "modify": { "set": { "args.b": 2 } }, "reason": "second" }""",
            """{ "id": "other", "tools": "x", "decision": "modify", "modify": { "set": { "args.b": 3 } } }""");

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(arguments: """{"c":3}"""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.ModifiedToolArgs?.GetRawText(), Is.EqualTo("""{"c":3,"a":1,"b":2}"""));
            Assert.That(decision.MatchedRuleIds, Is.EqualTo((string[])["one", "two"]));
            Assert.That(decision.ModificationReason, Is.EqualTo("first"));
        }
    }

    [Test]
    public void Apply_CallWithoutArguments_StartsFromAnEmptyObject()
    {
        var decision = PolicyCalls.Decide(Policy("""{ "set": { "args.limit": 10 } }"""), PolicyCalls.Call());

        Assert.That(decision.ModifiedToolArgs?.GetRawText(), Is.EqualTo("""{"limit":10}"""));
    }

    [TestCase("[1]")]
    [TestCase("""{ "a": 1, "a": 2 }""")]
    [TestCase("""{ "a": "\ud800" }""")]
    [TestCase("{")]
    public void Apply_UnreadableArguments_Blocks(string arguments)
    {
        var decision = PolicyCalls.Decide(Policy("""{ "remove_values": { "args.l": "x" }, "set": { "args.b": 2 } }"""), PolicyCalls.Call(arguments: arguments));

        Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
    }

    private static CompiledPolicy Policy(string modify) =>
        PolicyCalls.Policy($$"""{ "id": "change", "tools": "*", "decision": "modify", "modify": {{modify}} }""");
}
