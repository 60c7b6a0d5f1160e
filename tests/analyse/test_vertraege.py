"""Halten die Verfahren den Vertrag von scikit-learn?"""

from sklearn.utils.estimator_checks import parametrize_with_checks

from quartierstools.analyse import Bedarfsindex, Dynamik, Typisierung


@parametrize_with_checks([Bedarfsindex(), Dynamik(), Typisierung(n_wiederholungen=20)])
def test_haelt_den_vertrag_von_scikit_learn(estimator, check):
    check(estimator)
