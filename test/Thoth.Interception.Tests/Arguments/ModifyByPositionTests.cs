using static Thoth.Interception.Tests.Arguments.ModifyCase;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>Contract §4, rules 2, 4 and 5, for decisions that name no parameter.</summary>
public class ModifyByPositionTests
{
    private static Delegate Two(List<object?> got) => (string first, int second) => got.AddRange([first, second]);

    private static Delegate One(List<object?> got) => (string query) => got.Add(query);

    private static Delegate Optional(List<object?> got) => (string first = "d", int second = 7) => got.AddRange([first, second]);

    [Test]
    public async Task Args_InFull_BindByPosition() =>
        Assert.That(await RunsWith("""{"args":["x",2]}""", Two, "a", 1), Is.EqualTo(new object[] { "x", 2 }));

    [Test]
    public async Task Args_WithKwargs_BindTheRestByName() =>
        Assert.That(await RunsWith("""{"args":["x"],"kwargs":{"second":2}}""", Two, "a", 1), Is.EqualTo(new object[] { "x", 2 }));

    [Test]
    public async Task Args_EmptyWithKwargs_BindByName() =>
        Assert.That(await RunsWith("""{"args":[],"kwargs":{"second":2,"first":"x"}}""", Two, "a", 1), Is.EqualTo(new object[] { "x", 2 }));

    [Test]
    public async Task Args_WithKwargsThatAreNoObject_BindByPositionAlone() =>
        Assert.That(await RunsWith("""{"args":["x",2],"kwargs":[1]}""", Two, "a", 1), Is.EqualTo(new object[] { "x", 2 }));

    [Test]
    public async Task Args_Shorter_TakeTheDefaults()
    {
        Assert.That(await RunsWith("""{"args":["x"]}""", Optional, "a", 1), Is.EqualTo(new object[] { "x", 7 }));
        Assert.That(await RunsWith("""{"args":[]}""", Optional, "a", 1), Is.EqualTo(new object[] { "d", 7 }));
    }

    [TestCase("""{"args":["x"]}""", TestName = "required one missing")]
    [TestCase("""{"args":["x",2,3]}""", TestName = "too many")]
    [TestCase("""{"args":[]}""", TestName = "none at all")]
    [TestCase("""{"args":["x",2],"kwargs":{"second":3}}""", TestName = "one both by position and by name")]
    [TestCase("""{"args":["x",2],"kwargs":{"third":3}}""", TestName = "unknown keyword")]
    [TestCase("""{"args":["x",2],"more":1}""", TestName = "something beside")]
    [TestCase("""{"args":["x"],"kwargs":{"second":2,"second":3}}""", TestName = "keyword twice")]
    [TestCase("""{"args":{"first":"x"}}""", TestName = "args no list")]
    [TestCase("""{"args":["x","2"]}""", TestName = "wrong type")]
    [TestCase("""{"args":["x",null]}""", TestName = "null")]
    [TestCase("""{"kwargs":{"first":"x","second":2}}""", TestName = "kwargs alone")]
    [TestCase("""{"arg0":"x"}""", TestName = "argN missing")]
    [TestCase("""{"arg0":"x","arg2":2}""", TestName = "argN gap")]
    [TestCase("""{"arg1":"x","arg2":2}""", TestName = "argN not from zero")]
    [TestCase("""{"arg0":"x","arg1":2,"arg2":3}""", TestName = "argN too many")]
    [TestCase("""{"arg0":"x","second":2}""", TestName = "argN and a name")]
    [TestCase("""{"arg00":"x","arg1":2}""", TestName = "argN misspelt")]
    [TestCase("""{"input":"x"}""", TestName = "input for two")]
    [TestCase("""{"args":["x",2],"args":["y",3]}""", TestName = "args twice")]
    public async Task Positions_ThatDoNotBindWholly_AreBlocked(string modified) => await IsBlocked(modified, Two, "a", 1);

    [Test]
    public async Task Indexed_Contiguous_BindByPosition() =>
        Assert.That(await RunsWith("""{"arg1":2,"arg0":"x"}""", Two, "a", 1), Is.EqualTo(new object[] { "x", 2 }));

    [Test]
    public async Task SingleArgument_Arg0OrInput_IsItsValue()
    {
        Assert.That(await RunsWith("""{"arg0":"x"}""", One, "a"), Is.EqualTo(new object[] { "x" }));
        Assert.That(await RunsWith("""{"input":"x"}""", One, "a"), Is.EqualTo(new object[] { "x" }));
    }

    [TestCase("""{"arg0":"x","arg1":"y"}""")]
    [TestCase("""{"input":"x","arg0":"y"}""")]
    [TestCase("""{"input":1}""")]
    [TestCase("""{"other":"x"}""")]
    [TestCase("""{"args":"x"}""")]
    public async Task SingleArgument_AnythingElse_IsBlocked(string modified) => await IsBlocked(modified, One, "a");

    [Test]
    public async Task ParameterNamedLikeAForm_IsMeantByItsName()
    {
        Assert.That(
            await RunsWith("""{"args":["x"]}""", got => (string[] args) => got.Add(args), [new[] { "a" }]), Is.EqualTo(new object[] { new[] { "x" } }));
        Assert.That(await RunsWith("""{"input":"x"}""", got => (string input) => got.Add(input), "a"), Is.EqualTo(new object[] { "x" }));
        Assert.That(
            await RunsWith("""{"arg1":"x","arg0":"y"}""", got => (string arg1, string arg0) => got.AddRange([arg1, arg0]), "a", "b"),
            Is.EqualTo(new object[] { "x", "y" }));
        await IsBlocked("""{"args":["x"]}""", got => (string[] args, int more) => got.Add(args), new[] { "a" }, 1);
    }

    [Test]
    public async Task CancellationToken_HasNoPosition()
    {
        var source = new CancellationTokenSource();
        Delegate Tool(List<object?> got) => (CancellationToken token, string query) => got.AddRange([token, query]);

        Assert.That(await RunsWith("""{"args":["x"]}""", Tool, source.Token, "a"), Is.EqualTo(new object[] { source.Token, "x" }));
        Assert.That(await RunsWith("""{"input":"x"}""", Tool, source.Token, "a"), Is.EqualTo(new object[] { source.Token, "x" }));
    }
}
