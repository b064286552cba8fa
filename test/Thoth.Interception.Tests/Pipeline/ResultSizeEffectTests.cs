using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

/// <summary>No code of the application runs while a result is measured.</summary>
public class ResultSizeEffectTests
{
    private static int s_ran;

    private static readonly object[] s_withCode =
    [
        new CountingGetter(), new List<CountingGetter> { new() }, new CountingStruct(1), new CountingStruct?[] { new(1) }, new Computed(1),
        new Lazy { Books = [] }, new List<Lazy> { new LoadingLazy() }, new Lazy[] { new LoadingLazy() },
        new Dictionary<string, Lazy> { ["x"] = new LoadingLazy() }, new Rows(), new LazyRows(), new Page([], new Rows()), new OwnList { 1 },
        new Converted(), new List<Converted> { new() }, new ConvertedMember { Value = 1 }, new CalledBack { Value = 1 },
        new Conditional { Value = new Comparable(1) }, new Extended { More = { ["x"] = new CountingGetter() } }, new FieldBacked(),
        new SealedAnimal(), new List<Animal> { new SealedAnimal() }, new Boxed(new CountingGetter()), Counting(), new Point<CountingStruct>(new CountingStruct(1)),
        new ReadOnlyMemory<byte>([1]), new BoxedText("x"), System.Text.Json.Nodes.JsonValue.Create(new CountingGetter())!,
    ];

    private static readonly TestCaseData[] s_measured =
    [
        new(new Match("a", 1), """{"Title":"a","Score":1}"""), new(new List<Match> { new("a", 1) }, """[{"Title":"a","Score":1}]"""),
        new(new Match?[] { null, new SubMatch("a", 1, 2) }, """[null,{"Title":"a","Score":1}]"""), new(new Pair(1, null), """{"X":1,"Next":null}"""),
        new((1, "a"), """{"Item1":1,"Item2":"a"}"""), new(new { Name = "a" }, """{"Name":"a"}"""), new(new byte[] { 1, 2, 3 }, "\"AQID\""),
        new(JsonDocument.Parse("""{"a":[1]}""").RootElement, """{"a":[1]}"""), new(new Dictionary<string, int[]> { ["a"] = [1] }, """{"a":[1]}"""),
        new(DayOfWeek.Friday, "\"Friday\""), new(new Tree { Next = new Tree() }, """{"Next":{"Next":null}}"""),
        new(new ListHolder { Numbers = new OwnList { 1, 2 } }, """{"Numbers":[1,2]}"""), new("a\ud83d\ude00", "\"a\\uD83D\\uDE00\""),
    ];

    [SetUp]
    public void Reset() => s_ran = 0;

    [TestCaseSource(nameof(s_withCode))]
    public void Estimate_AResultWithCodeOfTheApplication_NeitherRunsItNorMeasures(object result)
    {
        var size = ResultSizeEstimator.Estimate(result);

        Assert.That((s_ran, size), Is.EqualTo((0, (long?)null)));
    }

    [TestCaseSource(nameof(s_measured))]
    public void Estimate_AResultOfDataAlone_IsTheBytesOfItsJson(object result, string json)
    {
        var size = ResultSizeEstimator.Estimate(result);

        Assert.That((s_ran, size), Is.EqualTo((0, (long?)json.Length)));
    }

    [Test]
    public async Task Call_RowsWithALazyNavigation_LoadsNone()
    {
        await using (var database = Library.Open(_ => { }))
        {
            database.AddRange(Enumerable.Range(0, 20).Select(i => new Shelf { Name = $"{i}", Books = [new Book()] }));
            await database.SaveChangesAsync();
        }

        var loads = 0;
        await using var library = Library.Open(_ => loads++);
        await using var host = WrappedTools.Host();

        var rows = await host.Wrap(() => library.Set<Shelf>().ToListAsync())();

        var post = (await host.EventsAsync())[^1];
        Assert.That((rows.Count, loads, post.Phase, post.ResultSizeBytes), Is.EqualTo((20, 0, EventPhase.Post, (long?)null)));
        Assert.That(rows[0].Books, Has.Count.EqualTo(1), "the navigation is lazy");
        Assert.That(loads, Is.EqualTo(1));
    }

    private static IEnumerable<int> Counting()
    {
        s_ran++;
        yield return 1;
    }

    private static T Ran<T>(T value)
    {
        s_ran++;
        return value;
    }

    public class Shelf
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";

        public virtual List<Book> Books { get; set; } = [];
    }

    public class Book
    {
        public int Id { get; set; }
    }

    private sealed class Library(DbContextOptions<Library> options) : DbContext(options)
    {
        public static Library Open(Action<EventData> loading) => new(new DbContextOptionsBuilder<Library>()
            .UseInMemoryDatabase(nameof(ResultSizeEffectTests))
            .UseLazyLoadingProxies()
            .LogTo(static (id, _) => id == CoreEventId.NavigationLazyLoading, loading)
            .Options);

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Shelf>();
    }

    private sealed class CountingGetter
    {
        public int Value => Ran(1);
    }

    private readonly struct CountingStruct(int value)
    {
        public int Value => Ran(value);
    }

    private sealed record Computed(int Price)
    {
        public int Total => Ran(Price * 2);
    }

    private class Lazy
    {
        public virtual List<int> Books { get; set; } = [];
    }

    private sealed class LoadingLazy : Lazy
    {
        public override List<int> Books => Ran(base.Books);
    }

    private sealed class Rows : IReadOnlyList<int>
    {
        public int Count => Ran(1);

        public int this[int index] => Ran(1);

        public IEnumerator<int> GetEnumerator() => Counting().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class LazyRows
    {
        public IEnumerable<int> Items { get; set; } = Counting();
    }

    private sealed record Page(List<int> First, IReadOnlyList<int> Rest);

    private sealed class OwnList : List<int>, IEnumerable<int>
    {
        public new int Count => Ran(base.Count);

        public new int this[int index] => Ran(base[index]);

        public new IEnumerator<int> GetEnumerator() => Counting().GetEnumerator();
    }

    private sealed class ListHolder
    {
        public List<int> Numbers { get; set; } = [];
    }

    [JsonConverter(typeof(CountingConverter))]
    private sealed class Converted;

    private sealed class ConvertedMember
    {
        [JsonConverter(typeof(CountingNumberConverter))]
        public int Value { get; set; }
    }

    private sealed class CountingConverter : JsonConverter<Converted>
    {
        public CountingConverter() => s_ran++;

        public override Converted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Converted value, JsonSerializerOptions options) => writer.WriteNumberValue(Ran(1));
    }

    private sealed class CountingNumberConverter : JsonConverter<int>
    {
        public CountingNumberConverter() => s_ran++;

        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => 0;

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(Ran(value));
    }

    private sealed class CalledBack : IJsonOnSerializing
    {
        public int Value { get; set; }

        public void OnSerializing() => s_ran++;
    }

    private sealed class Conditional
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Comparable Value { get; set; }
    }

    private readonly record struct Comparable(int X) : IEquatable<Comparable>
    {
        public bool Equals(Comparable other) => Ran(X == other.X);

        public override int GetHashCode() => X;
    }

    private sealed class Extended
    {
        [JsonExtensionData]
        public Dictionary<string, object> More { get; set; } = [];
    }

    private sealed class FieldBacked
    {
        public int Value { get => Ran(field); set; }
    }

    private abstract class Animal
    {
        public abstract string Name { get; }
    }

    private sealed class SealedAnimal : Animal
    {
        public override string Name => Ran("x");
    }

    private sealed record Boxed(object Value);

    private sealed record BoxedText(IComparable Value);

    private sealed record Point<T>(T Value);

    private record Match(string Title, int Score);

    private sealed record SubMatch(string Title, int Score, int More) : Match(Title, Score)
    {
        public new string Title => Ran("x");
    }

    private readonly record struct Pair(int X, Match? Next);

    private sealed class Tree
    {
        public Tree? Next { get; set; }
    }
}
