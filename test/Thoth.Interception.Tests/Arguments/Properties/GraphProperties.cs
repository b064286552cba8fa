using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>
/// What was shown is what runs, for generated object graphs of generated types, through the real interception.
/// </summary>
/// <remarks>
/// <para>A call that runs must hold, a call that is refused must be refused before the tool starts, with the code for it.</para>
/// <para>
/// The tool's view is what <see cref="ToolsView"/> reads: public members and fields by the runtime type; also those that a derived
/// class hides, and those of the declared interface, since code that knows only the base type reads these; elements and entries in their
/// order (of a set in any order); of a class that derives from a collection the members beside the elements.
/// </para>
/// <para>
/// Shown is equal to that if the JSON is valid Unicode without a name twice, and has exactly these members under the serializer's names.
/// Numbers, texts and dates must be the same to the last digit, scale, sign, tick and offset. An enum is its name or number. A dictionary is an
/// object or a list of keys and values. A name that two members have must show both, so they must be equal. Excluded by the author are members with
/// JsonIgnore; the JSON of an author's converter is not compared, but must be valid. A delegate, stream, task or the like is a placeholder.
/// </para>
/// <para>
/// On the way back the tool must read the decision's values, and the same runtime types at every place. Free is only the class of a
/// collection behind an interface of the platform (an IEnumerable may become a list), and of a lazy sequence. If the decision leaves an
/// argument alone, the tool gets the caller's own object. A lazy sequence runs at most once in all.
/// </para>
/// <para>THOTH_FULL_PROOFS=1 runs a hundred times as many graphs.</para>
/// </remarks>
public class GraphProperties
{
    private const int EveryService = 25;

    private static readonly int s_times = Environment.GetEnvironmentVariable("THOTH_FULL_PROOFS") == "1" ? 100 : 1;

    private static readonly Arbitrary<(Recipe Graph, int Seed)> s_graphs = Arb.From(
        Gen.Choose(0, int.MaxValue - 1).Select(seed => (GraphMaker.FromSeed(seed), seed)),
        graph => graph.Item1.Shrink().Select(simpler => (simpler, graph.Item2)));

    [Test]
    public void Shown_AnyGraph_IsWhatTheToolReadsOrRefused() =>
        Holds(2_000, atLeast: 0.6, (calls, graph, seed) => calls.Allow(graph, asService: seed % EveryService == 0));

    [Test]
    public void ModifyOfAnotherArgument_AnyGraph_LeavesItAloneOrBlocks() =>
        Holds(300, atLeast: 0.5, (calls, graph, seed) => calls.ModifyOther(graph, asService: seed % EveryService == 0));

    [Test]
    public void ModifyOfOneMember_AnyGraph_RunsWithTheDecisionOrBlocks() =>
        Holds(300, atLeast: 0.2, (calls, graph, seed) => calls.ModifyInside(graph, asService: seed % EveryService == 0, seed));

    [Test]
    public void Copy_AnyGraph_IsWhatWasShownOrRefused() =>
        Holds(300, atLeast: 0.2, (calls, graph, seed) => calls.Copy(graph, asService: seed % EveryService == 0));

    /// <summary>Checks each kind once; chance may leave a kind out for long.</summary>
    [Test]
    public void AnyDecision_EveryKindAlone_IsWhatTheToolReadsOrRefused()
    {
        using var calls = new GraphCalls();
        Action<Recipe, int>[] checks =
        [
            (graph, _) => calls.Allow(graph, asService: false), (graph, _) => calls.ModifyOther(graph, asService: false),
            (graph, seed) => calls.ModifyInside(graph, asService: false, seed), (graph, _) => calls.Copy(graph, asService: false),
        ];
        var wrong = GraphMaker.EveryKind().Index()
            .SelectMany(kind => checks.Where((_, i) => s_times > 1 || i == kind.Index % checks.Length).Select(check => Wrong(check, kind.Item, kind.Index)))
            .OfType<string>().ToArray();

        TestContext.Out.WriteLine(calls.Report);
        Assert.That(wrong, Is.Empty, calls.Report);
    }

    private static void Holds(int graphs, double atLeast, Action<GraphCalls, Recipe, int> check)
    {
        using var calls = new GraphCalls();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(graphs * s_times).WithQuietOnSuccess(true),
            Prop.ForAll(s_graphs, graph => check(calls, graph.Graph, graph.Seed)));
        TestContext.Out.WriteLine(calls.Report);
        Assert.That(calls.ShareThatRan, Is.GreaterThanOrEqualTo(atLeast), calls.Report);
    }

    private static string? Wrong(Action<Recipe, int> check, Recipe graph, int seed)
    {
        try
        {
            check(graph, seed);
            return null;
        }
        catch (Exception exception)
        {
            return $"{graph}\n  {(exception is GraphException ? exception.Message : exception)}\n";
        }
    }
}
