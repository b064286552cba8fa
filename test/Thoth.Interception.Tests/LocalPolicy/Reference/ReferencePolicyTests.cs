using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

public class ReferencePolicyTests
{
    // With THOTH_FULL_PROOFS=1 a hundred times as many.
    private static readonly int s_cases = Environment.GetEnvironmentVariable("THOTH_FULL_PROOFS") == "1" ? 200_000 : 2_000;

    private static readonly string[] s_valueOperators =
        ["equals", "in", "like", "matches", "contains", "greater", "at_least", "less", "at_most", "not", "any", "all"];

    private static readonly string[] s_knownOperators = ["exists", "history contains", "history follows", "history count", "history not"];

    /// <summary>The engine decides each generated call as the evaluator does that is written from docs/policy.md alone.</summary>
    [Test]
    public void AnyPolicyAndCall_EngineAndReference_DecideTheSame()
    {
        var statistics = new PolicyStatistics();
        var cases = Gen.OneOf(Alphabet.All.Select(PolicyCase.Of));

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(s_cases).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(cases, item => item.Smaller()), item =>
            {
                var run = item.Run();
                statistics.Add(run);
                return run.IsSame;
            }));

        TestContext.Out.WriteLine(statistics);
        Assert.Multiple(() =>
        {
            Assert.That(statistics.ByCondition, Is.GreaterThan(statistics.Cases * 0.3), "A rule with a condition decides.");
            foreach (var type in Enum.GetValues<DecisionType>())
            {
                Assert.That(statistics.Types.GetValueOrDefault(type.ToString()), Is.GreaterThan(statistics.Cases / 50), type.ToString());
            }

            string[] expected =
            [
                .. s_valueOperators.SelectMany(name => new[] { $"{name}: true", $"{name}: false", $"{name}: unknown" }),
                .. s_knownOperators.SelectMany(name => new[] { $"{name}: true", $"{name}: false" }),
            ];
            Assert.That(expected.Except(statistics.Operators.Keys), Is.Empty, "Each operator has each of its results.");
            Assert.That(
                new[] { "arguments_unreadable", "condition_not_evaluable", "modify_not_applicable", "no_matching_rule", "outside_approved_scope" }.Except(statistics.Codes.Keys),
                Is.Empty);
        });
    }
}
