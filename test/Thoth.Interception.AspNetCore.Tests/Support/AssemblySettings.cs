// Fields of a test class belong to one test: recorded logs and clocks are never shared.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
