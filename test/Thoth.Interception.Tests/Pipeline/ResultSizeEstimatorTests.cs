using System.Text.Json.Serialization;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

public class ResultSizeEstimatorTests
{
    private static readonly object?[] s_unmeasured =
    [
        null, Lazy(), new[] { 1 }.Select(i => i), Stream.Null, new object(), new Holder { Value = 1 }, new LazyHolder(), new ThrowingGetter(), new BadConverter(),
        new RefStructHolder(), double.NaN, new Cycle(), Task.CompletedTask,
        () => 1, AppDomain.CurrentDomain, new List<Stream>(),
    ];

    [TestCase("é", 8)]
    [TestCase(12, 2)]
    [TestCase(true, 4)]
    [TestCase(new[] { 1, 2 }, 5)]
    public void Estimate_Data_IsTheBytesOfItsJson(object result, long expected) => Assert.That(ResultSizeEstimator.Estimate(result), Is.EqualTo(expected));

    [Test]
    public void Estimate_AnObject_IsTheBytesOfItsJson() =>
        Assert.That(ResultSizeEstimator.Estimate(new Data { Name = "abc", Tags = ["x"] }), Is.EqualTo("""{"Name":"abc","Tags":["x"]}""".Length));

    [TestCaseSource(nameof(s_unmeasured))]
    public void Estimate_AnythingElse_IsNoneAndNeverThrows(object? result) => Assert.That(ResultSizeEstimator.Estimate(result), Is.Null);

    [Test]
    public void Estimate_LongText_IsMeasuredWhileThatCostsNoMemory()
    {
        Assert.That(ResultSizeEstimator.Estimate(new string('a', 2_000_000)), Is.EqualTo(2_000_002));
        Assert.That(ResultSizeEstimator.Estimate(new string('é', 2_000_000)), Is.Null);
    }

    [Test]
    public void Estimate_LazySequences_NeverRunsThem()
    {
        var ran = false;
        IEnumerable<int> Sequence()
        {
            ran = true;
            yield return 1;
        }

        _ = ResultSizeEstimator.Estimate(Sequence());
        _ = ResultSizeEstimator.Estimate(new LazyHolder { Items = Sequence() });

        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task Call_ResultThatCannotBeMeasured_IsTheCallersAllTheSame()
    {
        await using var host = WrappedTools.Host();
        var result = new BadConverter();

        Assert.That(host.Wrap(() => result)(), Is.SameAs(result));

        var post = (await host.EventsAsync())[^1];
        Assert.That((post.Phase, post.ResultType, post.ResultSizeBytes), Is.EqualTo((EventPhase.Post, nameof(BadConverter), (long?)null)));
    }

    private static IEnumerable<int> Lazy()
    {
        yield return 1;
    }

    [Test]
    public void Estimate_AnObjectOfAGeneratedType_IsNone() => Assert.That(ResultSizeEstimator.Estimate(NSubstitute.Substitute.For<IDisposable>()), Is.Null);

    private sealed class Data
    {
        public string? Name { get; set; }

        public List<string> Tags { get; set; } = [];
    }

    private sealed class Holder
    {
        public object? Value { get; set; }
    }

    private sealed class LazyHolder
    {
        public IEnumerable<int> Items { get; set; } = Lazy();
    }

    private sealed class ThrowingGetter
    {
        public int Value => throw new InvalidTimeZoneException();
    }

    private sealed class RefStructHolder
    {
        public ReadOnlySpan<byte> Value => default;
    }

    private sealed class Cycle
    {
        public Cycle Self => this;
    }

    [JsonConverter(typeof(Throws))]
    private sealed class BadConverter;

    private sealed class Throws : JsonConverter<BadConverter>
    {
        public Throws() => throw new InvalidTimeZoneException();

        public override BadConverter Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) => new();

        public override void Write(System.Text.Json.Utf8JsonWriter writer, BadConverter value, System.Text.Json.JsonSerializerOptions options)
        {
        }
    }
}
